package lamella.backend.cuda.runtime;

import jcuda.Pointer;

/// A pointer with a given address, on the device or outside the heap: nothing of the heap is pinned
/// or copied while a call runs.
public final class Address extends Pointer {
    private final long value;

    /// Points to an address; 0 is the null pointer.
    public Address(long value) {
        super(value);
        this.value = value;
    }

    /// Returns the address.
    public long value() {
        return value;
    }
}
