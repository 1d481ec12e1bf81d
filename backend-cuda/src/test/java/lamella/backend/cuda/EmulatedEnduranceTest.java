package lamella.backend.cuda;

import lamella.tck.BackendTck;

/// Some steps on the emulated device.
final class EmulatedEnduranceTest extends CudaEndurance {
    @Override
    void requireDevice() {
        EmulatedDevice.require();
        BackendTck.requireAvailable(new CudaBackendProvider());
    }

    @Override
    int steps() {
        return 40;
    }
}
