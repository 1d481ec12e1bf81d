package lamella.backend.cpu.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.LiveStorage;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The passes against the formulas in double precision: the states directly, the gradients as
/// differences. Sizes lie around the widths of vectors and tiles, and where tasks begin.
class CpuRecurrentTest {
    /// So small that hardly any argument of a relu changes its sign.
    private static final double STEP = 1e-7;

    /// Entries of each array whose gradient is compared.
    private static final int SAMPLES = 6;

    private final Random random = new Random(7);
    private final LiveStorage live = new LiveStorage();

    /// Arrays of a pass; `x` has NaN in its padding.
    private Pass pass(DoubleRecurrence r) {
        int n = r.batch * r.steps;
        float[] x = floats(r.x);
        for (int row = 0; row < n; row++) {
            if (row % r.steps >= r.lengths[row / r.steps]) {
                Arrays.fill(x, row * r.inputs, (row + 1) * r.inputs, Float.NaN);
            }
        }
        return new Pass(
                view(x, r.batch, r.steps, r.inputs),
                state(r, floats(r.hidden), floats(r.cells)),
                new Weights(
                        view(floats(r.inputWeight), r.cell.gates() * r.size, r.inputs),
                        view(floats(r.hiddenWeight), r.cell.gates() * r.size, r.size),
                        view(floats(r.bias), r.cell.gates() * r.size),
                        r.cell.hasCandidateBias()
                                ? Optional.of(view(floats(r.candidateBias), r.size))
                                : Optional.empty()),
                view(nan(n * r.size), r.batch, r.steps, r.size),
                state(r, nan(r.batch * r.size), nan(r.batch * r.size)));
    }

    private State state(DoubleRecurrence r, float[] hidden, float[] cell) {
        return new State(
                view(hidden, r.batch, r.size),
                r.cell.hasCell() ? Optional.of(view(cell, r.batch, r.size)) : Optional.empty());
    }

    /// A view that begins behind three elements of something else.
    private View view(float[] values, int... dims) {
        float[] array = nan(values.length + 3);
        System.arraycopy(values, 0, array, 3, values.length);
        var storage = new CpuStorage(DType.FLOAT32, array.length, array, new ArrayPool(new Workers(1)), live, "");
        return new View(storage, 3, Shape.of(dims));
    }

    private static float[] nan(int n) {
        float[] values = new float[n];
        Arrays.fill(values, Float.NaN);
        return values;
    }

    private static float[] floats(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    private static float[] floats(View view) {
        float[] array = CpuStorage.floats(view);
        return Arrays.copyOfRange(array, view.offset(), view.offset() + view.size());
    }

    /// Fills with numbers that are floats too, of the given size.
    private double[] randomize(double[] values, double scale) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    private DoubleRecurrence sample(
            Cell cell, int batch, int steps, int inputs, int size, boolean reverse, boolean padded) {
        int[] lengths = new int[batch];
        Arrays.setAll(lengths, n -> padded ? (n * 5 + 3) % (steps + 1) : steps);
        var r = new DoubleRecurrence(cell, batch, steps, inputs, size, reverse, lengths);
        randomize(r.x, 1);
        randomize(r.hidden, 0.5);
        randomize(r.cells, 0.5);
        randomize(r.inputWeight, 1 / Math.sqrt(inputs));
        randomize(r.hiddenWeight, 1 / Math.sqrt(size));
        randomize(r.bias, 0.3);
        randomize(r.candidateBias, 0.3);
        return r;
    }

    private interface Case {
        void test(DoubleRecurrence r, int threads, boolean vectors);
    }

    private void everySize(Cell cell, Case test) {
        int[][] sizes = {{1, 1, 1, 1}, {2, 3, 5, 7}, {7, 6, 8, 16}, {13, 4, 17, 33}, {25, 3, 40, 60}, {40, 14, 3, 5}};
        for (int[] s : sizes) {
            for (int options = 0; options < 4; options++) {
                boolean reverse = (options & 1) != 0;
                boolean padded = (options & 2) != 0;
                var r = sample(cell, s[0], s[1], s[2], s[3], reverse, padded);
                test.test(r, 2, true);
                test.test(r, 1, false);
            }
        }
    }

    private static CpuRecurrentKernels kernels(Workers workers, ArrayPool pool, boolean vectors) {
        return new CpuRecurrentKernels(workers, pool, Primitives.of(vectors), vectors);
    }

    private static void near(String what, double[] expected, View actual) {
        float[] values = floats(actual);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], values[i], 2e-5, what + " " + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void computesTheStates(Cell cell) {
        everySize(cell, this::compareStates);
    }

    private void compareStates(DoubleRecurrence r, int threads, boolean vectors) {
        r.run();
        Pass values = pass(r);
        try (var workers = new Workers(threads)) {
            var kernels = kernels(workers, new ArrayPool(workers), vectors);
            kernels.forward(new Run(r.cell, r.reverse, r.lengths), values, Optional.empty());
        }
        near("states", r.states, values.states());
        near("last", r.lastHidden, values.last().hidden());
        values.last().cell().ifPresent(cell -> near("last cell", r.lastCell, cell));
    }

    @ParameterizedTest
    @EnumSource
    void computesTheGradients(Cell cell) {
        everySize(cell, this::compareGradients);
    }

    private void compareGradients(DoubleRecurrence r, int threads, boolean vectors) {
        Pass values = pass(r);
        Pass gradients = pass(r);
        var weightOfStates = randomize(new double[r.batch * r.steps * r.size], 1);
        var weightOfHidden = randomize(new double[r.batch * r.size], 1);
        var weightOfCell = randomize(new double[r.batch * r.size], 1);
        set(gradients.states(), weightOfStates);
        set(gradients.last().hidden(), weightOfHidden);
        gradients.last().cell().ifPresent(cell -> set(cell, weightOfCell));
        clear(gradients);
        var run = new Run(r.cell, r.reverse, r.lengths);
        try (var workers = new Workers(threads)) {
            var kernels = kernels(workers, new ArrayPool(workers), vectors);
            int size = kernels.reserveSize(r.cell, r.batch, r.steps, r.inputs, r.size);
            View reserve = view(nan(size), size);
            kernels.forward(run, values, Optional.of(reserve));
            kernels.gradient(run, values, reserve, gradients);
        }
        record Compared(String name, double[] values, View gradient) {}
        var all =
                new ArrayList<>(
                        List.of(
                                new Compared("x", r.x, gradients.x()),
                                new Compared("hidden", r.hidden, gradients.initial().hidden()),
                                new Compared("input weight", r.inputWeight, gradients.weights().input()),
                                new Compared("hidden weight", r.hiddenWeight, gradients.weights().hidden()),
                                new Compared("bias", r.bias, gradients.weights().bias())));
        gradients.initial().cell().ifPresent(cell -> all.add(new Compared("cell", r.cells, cell)));
        gradients
                .weights()
                .candidateBias()
                .ifPresent(bias -> all.add(new Compared("candidate bias", r.candidateBias, bias)));
        for (Compared array : all) {
            float[] computed = floats(array.gradient());
            for (int sample = 0; sample < SAMPLES; sample++) {
                int i = random.nextInt(computed.length);
                double value = array.values()[i];
                array.values()[i] = value + STEP;
                double more = loss(r, weightOfStates, weightOfHidden, weightOfCell);
                array.values()[i] = value - STEP;
                double less = loss(r, weightOfStates, weightOfHidden, weightOfCell);
                array.values()[i] = value;
                double expected = (more - less) / (2 * STEP);
                assertEquals(expected, computed[i], 1e-4 * (1 + Math.abs(expected)), array.name() + " " + i);
            }
        }
    }

    private static double loss(DoubleRecurrence r, double[] states, double[] hidden, double[] cell) {
        r.run();
        double sum = 0;
        for (int i = 0; i < r.states.length; i++) {
            sum += states[i] * r.states[i];
        }
        for (int i = 0; i < r.lastHidden.length; i++) {
            sum += hidden[i] * r.lastHidden[i] + (r.cell.hasCell() ? cell[i] * r.lastCell[i] : 0);
        }
        return sum;
    }

    private static void set(View view, double[] values) {
        System.arraycopy(floats(values), 0, CpuStorage.floats(view), view.offset(), values.length);
    }

    /// Fills what a gradient kernel must write with NaN.
    private static void clear(Pass gradients) {
        set(gradients.x(), nans(gradients.x()));
        set(gradients.initial().hidden(), nans(gradients.initial().hidden()));
        gradients.initial().cell().ifPresent(cell -> set(cell, nans(cell)));
        set(gradients.weights().input(), nans(gradients.weights().input()));
        set(gradients.weights().hidden(), nans(gradients.weights().hidden()));
        set(gradients.weights().bias(), nans(gradients.weights().bias()));
        gradients.weights().candidateBias().ifPresent(bias -> set(bias, nans(bias)));
    }

    private static double[] nans(View view) {
        double[] values = new double[view.size()];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    /// All sequences of length 0, and none at all: the state passes through, gradients of weights are 0.
    @ParameterizedTest
    @EnumSource
    void passesTheStateThroughWithoutSteps(Cell cell) {
        for (int batch : new int[] {0, 3}) {
            var r = new DoubleRecurrence(cell, batch, 2, 4, 5, false, new int[batch]);
            randomize(r.hidden, 1);
            randomize(r.cells, 1);
            Pass values = pass(r);
            Pass gradients = pass(r);
            clear(gradients);
            double[] last = randomize(new double[batch * 5], 1);
            set(gradients.last().hidden(), last);
            gradients.last().cell().ifPresent(c -> set(c, last));
            var run = new Run(cell, false, r.lengths);
            try (var workers = new Workers(1)) {
                var kernels = kernels(workers, new ArrayPool(workers), true);
                int size = kernels.reserveSize(cell, batch, 2, 4, 5);
                View reserve = view(nan(size), size);
                kernels.forward(run, values, Optional.of(reserve));
                kernels.gradient(run, values, reserve, gradients);
            }
            assertArrayEquals(floats(r.hidden), floats(values.last().hidden()));
            assertArrayEquals(new float[batch * 2 * 5], floats(values.states()));
            assertArrayEquals(floats(last), floats(gradients.initial().hidden()));
            assertArrayEquals(new float[batch * 2 * 4], floats(gradients.x()));
            assertArrayEquals(new float[cell.gates() * 5 * 4], floats(gradients.weights().input()));
            assertArrayEquals(new float[cell.gates() * 5 * 5], floats(gradients.weights().hidden()));
            assertArrayEquals(new float[cell.gates() * 5], floats(gradients.weights().bias()));
        }
    }
}
