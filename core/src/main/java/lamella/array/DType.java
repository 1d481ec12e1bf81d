package lamella.array;

/// The type of an array's elements.
public enum DType {
    /// IEEE 754 single precision.
    FLOAT32,
    /// Signed 32-bit integers: ids and labels.
    INT32;

    /// Returns the size of one element in bytes.
    public int bytes() {
        return switch (this) {
            case FLOAT32, INT32 -> 4;
        };
    }
}
