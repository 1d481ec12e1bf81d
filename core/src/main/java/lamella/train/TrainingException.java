package lamella.train;

/// A training that cannot go on, because its loss is no number any more.
public final class TrainingException extends RuntimeException {
    TrainingException(String message) {
        super(message);
    }
}
