package lamella.backend.cuda;

import lamella.tck.BackendTck;

import org.junit.jupiter.api.AfterAll;

/// Nets on the emulated device, for a few steps.
final class EmulatedTrainingTest extends CudaTraining {
    @Override
    void requireDevice() {
        EmulatedDevice.require();
        BackendTck.requireAvailable(new CudaBackendProvider());
        EmulatedDevice.capability(80); // bfloat16
    }

    @AfterAll
    static void restore() {
        EmulatedDevice.capability(75);
    }

    @Override
    Extent extent() {
        return new Extent(128, 2, 0);
    }
}
