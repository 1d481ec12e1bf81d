package lamella.train;

/// A training that cannot go on, because its loss is no number any more. Parameters and running
/// statistics are as the last update left them; if that was too long, they may be infinite.
public final class TrainingException extends RuntimeException {
    TrainingException(String message) {
        super(message);
    }
}
