package lamella.backend.cuda.runtime;

import jcuda.driver.CUdeviceptr;

/// A device address as the driver's functions want it.
final class DevicePointer extends CUdeviceptr {
    /// A pointer for a function to fill in.
    DevicePointer() {}

    /// Points to an address.
    DevicePointer(long address) {
        super(new CUdeviceptr(), address);
    }

    /// Returns the address.
    long address() {
        return getNativePointer() + getByteOffset();
    }
}
