package lamella.io;

/// A file that was read but cannot be used: damaged, no file of this kind, or of another model. Its
/// message is one line that says what and where, such as
/// `checkpoint: lenet.safetensors: tensor net.dense1.weight ends at byte 812 but the file has 640
/// bytes of data`.
public final class ModelFileException extends IllegalArgumentException {
    /// Makes an exception with this line.
    public ModelFileException(String message) {
        super(message);
    }

    /// Makes an exception with this line and what caused it.
    public ModelFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
