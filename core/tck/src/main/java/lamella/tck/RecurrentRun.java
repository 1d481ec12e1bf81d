package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.RecurrentKernels;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.View;

import org.junit.jupiter.api.Assertions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A run of a recurrent cell over a batch of sequences, and its operands: the arrays of a pass in the
/// order of its record, then those of the gradient's pass.
///
/// Weights lie in ±1/√fanIn, so that an error in a state does not grow from step to step. All padding
/// is NaN: what a kernel reads of it shows.
record RecurrentRun(Cell cell, int batch, int steps, int inputs, int hidden, int[] lengths, boolean reverse) {
    private static final int MARGIN = 5;
    private static final float SENTINEL = 77.25f;

    /// Returns a run with all lengths T.
    static RecurrentRun full(Cell cell, int batch, int steps, int inputs, int hidden) {
        int[] lengths = new int[batch];
        Arrays.fill(lengths, steps);
        return new RecurrentRun(cell, batch, steps, inputs, hidden, lengths, false);
    }

    /// Returns this run with lengths from 0 to T.
    RecurrentRun mixed() {
        int[] mixed = new int[batch];
        for (int n = 0; n < batch; n++) {
            mixed[n] =
                    switch (n) {
                        case 1 -> 0;
                        case 2 -> steps;
                        default -> (7 * n + (steps + 1) / 2) % (steps + 1);
                    };
        }
        return withLengths(mixed);
    }

    RecurrentRun withLengths(int... other) {
        return new RecurrentRun(cell, batch, steps, inputs, hidden, other, reverse);
    }

    RecurrentRun reversed() {
        return new RecurrentRun(cell, batch, steps, inputs, hidden, lengths, true);
    }

    boolean isPadded() {
        return Arrays.stream(lengths).anyMatch(length -> length < steps);
    }

    @Override
    public String toString() {
        String text = isPadded() ? ", lengths " + Arrays.toString(lengths) : "";
        return "%s [%d, %d, %d] to %d%s%s"
                .formatted(cell, batch, steps, inputs, hidden, text, reverse ? ", reversed" : "");
    }

    private Run run() {
        return new Run(cell, reverse, lengths.clone());
    }

    /// Returns x, uniform in [−1, 1), NaN in the padding.
    Operand x() {
        return padded(Operand.random(1, batch, steps, inputs));
    }

    private Operand padded(Operand sequences) {
        int width = sequences.shape().dim(2);
        for (int n = 0; n < batch; n++) {
            Arrays.fill(sequences.floats(), (n * steps + lengths[n]) * width, (n + 1) * steps * width, Float.NaN);
        }
        return sequences;
    }

    /// Returns the operands of a forward pass: all of it, the states and the last state as outputs.
    List<Operand> values(Operand x) {
        int stacked = cell.gates() * hidden;
        var operands = new ArrayList<>(List.of(x, Operand.random(2, batch, hidden)));
        if (cell.hasCell()) {
            operands.add(Operand.random(3, batch, hidden));
        }
        double input = 1 / Math.sqrt(inputs);
        double recurrent = 1 / Math.sqrt(hidden);
        operands.add(Operand.uniform(4, -input, input, stacked, inputs));
        operands.add(Operand.uniform(5, -recurrent, recurrent, stacked, hidden));
        operands.add(Operand.random(6, stacked));
        if (cell.hasCandidateBias()) {
            operands.add(Operand.random(7, hidden));
        }
        operands.add(Operand.out(batch, steps, hidden));
        operands.add(Operand.out(batch, hidden));
        if (cell.hasCell()) {
            operands.add(Operand.out(batch, hidden));
        }
        return operands;
    }

    /// Returns the operands of a gradient pass: those of the states as inputs, the others as outputs.
    List<Operand> gradients() {
        int stacked = cell.gates() * hidden;
        var operands = new ArrayList<>(List.of(Operand.out(batch, steps, inputs), Operand.out(batch, hidden)));
        if (cell.hasCell()) {
            operands.add(Operand.out(batch, hidden));
        }
        operands.add(Operand.out(stacked, inputs));
        operands.add(Operand.out(stacked, hidden));
        operands.add(Operand.out(stacked));
        if (cell.hasCandidateBias()) {
            operands.add(Operand.out(hidden));
        }
        operands.add(padded(Operand.random(8, batch, steps, hidden)));
        operands.add(Operand.random(9, batch, hidden));
        if (cell.hasCell()) {
            operands.add(Operand.random(10, batch, hidden));
        }
        return operands;
    }

    /// Returns the arrays of a pass, taken in the order of its record.
    Pass pass(Iterator<View> views) {
        return new Pass(views.next(), state(views), weights(views), views.next(), state(views));
    }

    private State state(Iterator<View> views) {
        return new State(views.next(), cell.hasCell() ? Optional.of(views.next()) : Optional.empty());
    }

    private Weights weights(Iterator<View> views) {
        return new Weights(
                views.next(),
                views.next(),
                views.next(),
                cell.hasCandidateBias() ? Optional.of(views.next()) : Optional.empty());
    }

    /// Runs forward without a reserve.
    void forward(Backend backend, List<View> views) {
        Run run = run();
        kernels(backend).forward(run, pass(views.iterator()), Optional.empty());
        Assertions.assertArrayEquals(lengths, run.lengths(), "the lengths were changed");
    }

    /// Runs forward and back, with a reserve of NaNs between sentinels.
    void forwardAndBack(Backend backend, List<View> views) {
        Iterator<View> next = views.iterator();
        Pass values = pass(next);
        Pass gradients = pass(next);
        Run run = run();
        RecurrentKernels kernels = kernels(backend);
        int size = kernels.reserveSize(cell, batch, steps, inputs, hidden);
        float[] cells = new float[size + 2 * MARGIN];
        Arrays.fill(cells, SENTINEL);
        Arrays.fill(cells, MARGIN, MARGIN + size, Float.NaN);
        View whole = View.of(backend.allocate(DType.FLOAT32, cells.length), Shape.of(cells.length));
        backend.upload(cells, 0, whole);
        View reserve = new View(whole.storage(), MARGIN, Shape.of(size));
        kernels.forward(run, values, Optional.of(reserve));
        kernels.gradient(run, values, reserve, gradients);
        backend.download(whole, cells, 0);
        backend.release(whole.storage());
        for (int i = 0; i < MARGIN; i++) {
            Assertions.assertEquals(SENTINEL, cells[i], "wrote before the reserve");
            Assertions.assertEquals(SENTINEL, cells[MARGIN + size + i], "wrote behind the reserve");
        }
        Assertions.assertArrayEquals(lengths, run.lengths(), "the lengths were changed");
    }

    private static RecurrentKernels kernels(Backend backend) {
        return backend.recurrent().orElseThrow();
    }
}
