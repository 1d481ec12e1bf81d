package lamella.backend.cuda;

import lamella.tck.BackendTck;

/// Nets on the GPU of this machine.
final class CudaTrainingTest extends CudaTraining {
    @Override
    void requireDevice() {
        BackendTck.requireAvailable(new CudaBackendProvider());
    }

    @Override
    Extent extent() {
        return new Extent(1024, 6, 0.95);
    }
}
