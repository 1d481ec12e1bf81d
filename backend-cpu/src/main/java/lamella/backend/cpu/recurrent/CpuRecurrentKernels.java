package lamella.backend.cpu.recurrent;

import lamella.backend.RecurrentKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Optional;

/// Recurrent cells on the CPU, a whole sequence in one call: [ForwardPass] and [BackwardPass].
public final class CpuRecurrentKernels implements RecurrentKernels {
    private final RecurrentEngine engine;

    /// Computes on these threads, in workspaces of this pool.
    ///
    /// @param vectors whether the Vector API is readable
    public CpuRecurrentKernels(Workers workers, ArrayPool pool, Primitives primitives, boolean vectors) {
        engine = new RecurrentEngine(workers, pool, primitives, vectors);
    }

    @Override
    public int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden) {
        return RecurrentSizes.of(cell, batch, steps, inputs, hidden).reserve();
    }

    @Override
    public void forward(Run run, Pass values, Optional<View> reserve) {
        if (reserve.isPresent()) {
            View kept = reserve.get();
            new ForwardPass(engine, run, values, CpuStorage.floats(kept), kept.offset()).run();
        } else {
            float[] workspace = engine.pool().take(RecurrentSizes.of(run, values).reserve());
            new ForwardPass(engine, run, values, workspace, 0).run();
            engine.pool().give(workspace);
        }
    }

    @Override
    public void gradient(Run run, Pass values, View reserve, Pass gradients) {
        new BackwardPass(engine, run, values, CpuStorage.floats(reserve), reserve.offset(), gradients).run();
    }
}
