package lamella.backend.cuda;

import lamella.tck.BackendTck;

/// A thousand steps on the GPU of this machine.
final class CudaEnduranceTest extends CudaEndurance {
    @Override
    void requireDevice() {
        BackendTck.requireAvailable(new CudaBackendProvider());
    }

    @Override
    int steps() {
        return 1000;
    }
}
