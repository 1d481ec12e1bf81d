package lamella.backend.cuda.recurrent;

import jcuda.Pointer;

/// A pointer that a function fills in.
final class FoundAddress extends Pointer {
    /// Returns the address that was found.
    long value() {
        return getNativePointer() + getByteOffset();
    }
}
