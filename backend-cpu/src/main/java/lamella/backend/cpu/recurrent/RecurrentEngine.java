package lamella.backend.cpu.recurrent;

import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.View;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmOperand;
import lamella.backend.cpu.matrix.GemmPanels;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

/// What both passes compute with.
final class RecurrentEngine {
    /// Elements of packed hidden weights that a second-level cache holds beside the rest.
    private static final int CACHED = 96 * 1024;

    /// Tiles of sequences in a task whose weights come from farther away.
    private static final int TILES = 3;

    private final GemmKernels kernels;
    private final Workers workers;
    private final ArrayPool pool;
    private final Gemm gemm;
    private final Primitives primitives;
    private final CellLoops loops;
    private final RowSums rowSums;

    RecurrentEngine(Workers workers, ArrayPool pool, Primitives primitives, boolean vectors) {
        this.kernels = Gemm.kernels(vectors);
        this.workers = workers;
        this.pool = pool;
        this.gemm = new Gemm(kernels, workers, pool);
        this.primitives = primitives;
        this.loops = CellLoops.of(vectors);
        this.rowSums = new RowSums(workers, pool, primitives);
    }

    Workers workers() {
        return workers;
    }

    ArrayPool pool() {
        return pool;
    }

    Gemm gemm() {
        return gemm;
    }

    Primitives primitives() {
        return primitives;
    }

    RowSums rowSums() {
        return rowSums;
    }

    /// Returns the arithmetic of a kind of cell.
    CellSteps steps(Cell cell, int size) {
        return switch (cell) {
            case RNN_TANH -> new RnnSteps(primitives, loops, Unary.TANH, size);
            case RNN_RELU -> new RnnSteps(primitives, loops, Unary.RELU, size);
            case LSTM -> new LstmSteps(primitives, loops, size);
            case GRU -> new GruSteps(primitives, loops, size);
        };
    }

    /// Packs a `[depth, columns]` factor that each step multiplies with.
    GemmPanels pack(int depth, int columns, GemmOperand b) {
        return GemmPanels.pack(kernels, workers, pool, depth, columns, b);
    }

    /// Returns the indices at which `count` rows of a workspace begin, in an array of the pool.
    int[] offsets(int count, int stride) {
        int[] offsets = pool.takeInts(count);
        for (int i = 0; i < count; i++) {
            offsets[i] = i * stride;
        }
        return offsets;
    }

    /// What is done with some sequences, at `count` places of [StepRows] from `from` on.
    @FunctionalInterface
    interface Part {
        void run(int from, int count);
    }

    /// Cuts the sequences into tasks: the rows of one tile, which makes the most tasks, but of more
    /// tiles where the weights must come from beyond the second-level cache in each step.
    void tasks(StepRows rows, RecurrentSizes sizes, Part part) {
        int weights = sizes.gates() * sizes.hidden();
        int count = kernels.rows() * (weights <= CACHED ? 1 : TILES);
        new GemmTasks(workers)
                .run(
                        Math.ceilDiv(sizes.batch(), count),
                        (long) rows.rows() * weights,
                        task -> part.run(task * count, Math.min(count, sizes.batch() - task * count)));
    }

    /// Copies the rows of the sequences of a task from an array by sequence to one by place, or back.
    void exchange(StepRows rows, FloatRows bySequence, FloatRows byPlace, int from, int count, boolean read) {
        for (int place = 0; place < count; place++) {
            int sequence = rows.sequence(from + place);
            if (read) {
                byPlace.set(place, bySequence, sequence);
            } else {
                bySequence.set(sequence, byPlace, place);
            }
        }
    }

    /// What is done with the inputs of the real steps, one row after the other from `x[at]` on.
    @FunctionalInterface
    interface Inputs {
        void use(float[] x, int at);
    }

    /// Hands over the inputs without the padding, copied only if there is some.
    void withRealSteps(StepRows rows, View x, Inputs inputs) {
        float[] padded = CpuStorage.floats(x);
        if (rows.full()) {
            inputs.use(padded, x.offset());
            return;
        }
        float[] real = pool.take(rows.rows() * x.dim(2));
        rows.gather(workers, padded, x.offset(), x.dim(2), real);
        inputs.use(real, 0);
        pool.give(real);
    }
}
