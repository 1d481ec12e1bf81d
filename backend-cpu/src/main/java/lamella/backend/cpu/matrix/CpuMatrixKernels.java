package lamella.backend.cpu.matrix;

import lamella.backend.MatrixKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;

import java.util.Optional;

/// Matrix products on the CPU, all of them by way of [Gemm].
public final class CpuMatrixKernels implements MatrixKernels {
    private final GemmTasks tasks;
    private final Gemm gemm;

    /// Multiplies on these threads, in workspaces of this pool.
    ///
    /// @param vectors whether the Vector API is readable
    public CpuMatrixKernels(Workers workers, ArrayPool pool, boolean vectors) {
        this.tasks = new GemmTasks(workers);
        this.gemm = new Gemm(Gemm.kernels(vectors), workers, pool);
    }

    @Override
    public void multiply(View a, boolean transposeA, View b, boolean transposeB, View out) {
        int m = out.dim(-2);
        int n = out.dim(-1);
        int k = a.dim(transposeA ? -2 : -1);
        int batch = out.shape().rank() == 3 ? out.dim(0) : 1;
        float[] aArray = CpuStorage.floats(a);
        float[] bArray = CpuStorage.floats(b);
        float[] outArray = CpuStorage.floats(out);
        // A nested run computes on its caller's thread: one product after the other gets all
        // threads, many products get one thread each.
        tasks.run(
                batch,
                (long) out.size() * k,
                i ->
                        gemm.multiply(
                                m,
                                n,
                                k,
                                GemmOperand.of(aArray, a.offset() + i * m * k, a.dim(-1), transposeA),
                                GemmOperand.of(bArray, b.offset() + i * k * n, b.dim(-1), transposeB),
                                new GemmResult(outArray, out.offset() + i * m * n, n, false)));
    }

    @Override
    public void linear(View x, View weight, Optional<View> bias, View out) {
        int n = out.dim(0);
        int units = out.dim(1);
        int inputs = x.dim(1);
        var left = GemmOperand.of(CpuStorage.floats(x), x.offset(), inputs, false);
        var right = GemmOperand.of(CpuStorage.floats(weight), weight.offset(), inputs, true);
        var result = new GemmResult(CpuStorage.floats(out), out.offset(), units, false);
        if (bias.isPresent()) {
            View row = bias.get();
            gemm.multiply(n, units, inputs, left, right, CpuStorage.floats(row), row.offset(), result);
        } else {
            gemm.multiply(n, units, inputs, left, right, result);
        }
    }
}
