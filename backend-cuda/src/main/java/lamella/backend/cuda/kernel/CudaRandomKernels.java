package lamella.backend.cuda.kernel;

import lamella.backend.RandomKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// Random numbers, a block of four words a thread.
public final class CudaRandomKernels implements RandomKernels {
    private final KernelFile kernels;

    /// Makes the kernels of a device.
    public CudaRandomKernels(Device device) {
        kernels = new KernelFile(device, "random");
    }

    @Override
    public void uniform(long key, long start, float low, float high, View out) {
        // low + range · u may round up to high, which does not belong to the interval
        float most = low < high ? Math.nextDown(high) : high;
        int n = out.size();
        kernels.overPacks(
                "random_uniform",
                n,
                CudaStorage.address(out),
                n,
                key,
                start,
                Kernel.bits(low),
                Kernel.bits(high - low),
                Kernel.bits(most));
    }

    @Override
    public void normal(long key, long start, float mean, float deviation, View out) {
        int n = out.size();
        kernels.overPacks(
                "random_normal", n, CudaStorage.address(out), n, key, start, Kernel.bits(mean), Kernel.bits(deviation));
    }

    @Override
    public void bernoulli(long key, long start, float probability, View out) {
        // u < probability is k < ⌈probability · 2²⁴⌉ for u = k · 2⁻²⁴
        int bound = (int) Math.ceil(Math.clamp(probability, 0f, 1f) * 0x1p24);
        int n = out.size();
        kernels.overPacks("random_bernoulli", n, CudaStorage.address(out), n, key, start, bound);
    }
}
