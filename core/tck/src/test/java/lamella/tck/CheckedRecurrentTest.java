package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.RecurrentKernels;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.View;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/// The contract of recurrent kernels, on a GRU of [2, 3, 4] to 5 unless a test says otherwise.
final class CheckedRecurrentTest {
    private final CheckedBackend backend = CheckedBackend.of(ReferenceBackend.create());
    private final RecurrentKernels kernels = backend.recurrent().orElseThrow();
    private final Run run = new Run(Cell.GRU, false, new int[] {3, 1});
    private final View reserve = floats(2 * 3 * 4 * 5);

    private View floats(int... dims) {
        Shape shape = Shape.of(dims);
        View view = View.of(backend.allocate(DType.FLOAT32, shape.size()), shape);
        backend.elementwise().fill(view, 1);
        return view;
    }

    private State state() {
        return new State(floats(2, 5), Optional.empty());
    }

    private Weights weights() {
        return new Weights(floats(15, 4), floats(15, 5), floats(15), Optional.of(floats(5)));
    }

    private Pass pass() {
        return new Pass(floats(2, 3, 4), state(), weights(), floats(2, 3, 5), state());
    }

    private static void violates(String message, Runnable call) {
        assertEquals(message, assertThrows(AssertionError.class, call::run).getMessage());
    }

    private void forwardViolates(String message, Run run, Pass values) {
        violates("recurrent.forward: " + message, () -> kernels.forward(run, values, Optional.of(reserve)));
    }

    @Test
    void acceptsWhatKeepsTheContract() {
        Pass values = pass();
        kernels.forward(run, values, Optional.empty());
        kernels.forward(run, values, Optional.of(reserve));
        kernels.gradient(run, values, reserve, pass());
        CheckedBackend finite = backend.requiringFinite();
        // the reserve is undefined in the padding
        backend.elementwise().fill(reserve, Float.NaN);
        finite.recurrent().orElseThrow().forward(run, values, Optional.of(reserve));
        finite.recurrent().orElseThrow().gradient(run, values, reserve, pass());
    }

    @Test
    void hasNoneWhereTheBackendHasNone() {
        assertEquals(Optional.empty(), CheckedBackend.of(ReferenceBackend.withoutFusedKernels()).recurrent());
    }

    @Test
    void rejectsShapesThatDoNotFit() {
        Pass p = pass();
        forwardViolates(
                "x is [6, 4], expected rank 3",
                run,
                new Pass(floats(6, 4), p.initial(), p.weights(), p.states(), p.last()));
        forwardViolates(
                "states is [2, 4, 5], expected [2, 3, 5]",
                run,
                new Pass(p.x(), p.initial(), p.weights(), floats(2, 4, 5), p.last()));
        State wide = new State(floats(2, 6), Optional.empty());
        forwardViolates(
                "initial hidden is [2, 6], expected [2, 5]",
                run,
                new Pass(p.x(), wide, p.weights(), p.states(), p.last()));
        forwardViolates(
                "last hidden is [2, 6], expected [2, 5]",
                run,
                new Pass(p.x(), p.initial(), p.weights(), p.states(), wide));
    }

    @Test
    void rejectsWeightsThatDoNotFit() {
        Weights w = weights();
        forwardViolates(
                "input weight is [20, 4], expected [15, 4]",
                run,
                with(new Weights(floats(20, 4), w.hidden(), w.bias(), w.candidateBias())));
        forwardViolates(
                "hidden weight is [15, 4], expected [15, 5]",
                run,
                with(new Weights(w.input(), floats(15, 4), w.bias(), w.candidateBias())));
        forwardViolates(
                "bias is [5], expected [15]",
                run,
                with(new Weights(w.input(), w.hidden(), floats(5), w.candidateBias())));
        forwardViolates(
                "candidate bias is [15], expected [5]",
                run,
                with(new Weights(w.input(), w.hidden(), w.bias(), Optional.of(floats(15)))));
        forwardViolates(
                "candidate bias is missing", run, with(new Weights(w.input(), w.hidden(), w.bias(), Optional.empty())));
    }

    private Pass with(Weights weights) {
        Pass p = pass();
        return new Pass(p.x(), p.initial(), weights, p.states(), p.last());
    }

    @Test
    void rejectsACellWhereThereIsNone() {
        Pass p = pass();
        State cell = new State(floats(2, 5), Optional.of(floats(2, 5)));
        forwardViolates(
                "initial cell is present, but has no use",
                run,
                new Pass(p.x(), cell, p.weights(), p.states(), p.last()));
        Weights four = new Weights(floats(20, 4), floats(20, 5), floats(20), Optional.empty());
        forwardViolates(
                "last cell is missing",
                new Run(Cell.LSTM, false, new int[] {3, 1}),
                new Pass(p.x(), cell, four, p.states(), p.last()));
    }

    @Test
    void rejectsLengthsThatDoNotFit() {
        forwardViolates("3 lengths for 2 sequences", new Run(Cell.GRU, false, new int[] {3, 1, 0}), pass());
        forwardViolates("length 4 is outside [0, 3]", new Run(Cell.GRU, false, new int[] {3, 4}), pass());
        forwardViolates("length -1 is outside [0, 3]", new Run(Cell.GRU, false, new int[] {-1, 3}), pass());
    }

    @Test
    void rejectsAReserveOfAnotherSize() {
        violates(
                "recurrent.forward: reserve is [7] with 7 elements, expected 120",
                () -> kernels.forward(run, pass(), Optional.of(floats(7))));
        violates(
                "recurrent.gradient: reserve is [7] with 7 elements, expected 120",
                () -> kernels.gradient(run, pass(), floats(7), pass()));
    }

    @Test
    void rejectsSharedElements() {
        Pass p = pass();
        forwardViolates(
                "last hidden shares elements with initial hidden",
                run,
                new Pass(p.x(), p.initial(), p.weights(), p.states(), p.initial()));
        View both = floats(120);
        View states = new View(both.storage(), 0, Shape.of(2, 3, 5));
        violates(
                "recurrent.forward: reserve shares elements with states",
                () ->
                        kernels.forward(
                                run, new Pass(p.x(), p.initial(), p.weights(), states, p.last()), Optional.of(both)));
        Pass g = pass();
        violates(
                "recurrent.gradient: x gradient shares elements with x",
                () ->
                        kernels.gradient(
                                run, p, reserve, new Pass(p.x(), g.initial(), g.weights(), g.states(), g.last())));
    }

    @Test
    void rejectsGradientsThatDoNotFit() {
        Pass g = pass();
        violates(
                "recurrent.gradient: x gradient is [2, 3, 5], expected [2, 3, 4]",
                () ->
                        kernels.gradient(
                                run,
                                pass(),
                                reserve,
                                new Pass(
                                        floats(2, 3, 5),
                                        g.initial(),
                                        new Weights(floats(15, 5), floats(15, 5), floats(15), Optional.of(floats(5))),
                                        g.states(),
                                        g.last())));
        violates(
                "recurrent.gradient: bias gradient is [5], expected [15]",
                () ->
                        kernels.gradient(
                                run,
                                pass(),
                                reserve,
                                with(new Weights(floats(15, 4), floats(15, 5), floats(5), Optional.of(floats(5))))));
    }

    @Test
    void rejectsANegativeReserve() {
        RecurrentKernels negative =
                new RecurrentKernels() {
                    @Override
                    public int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden) {
                        return -3;
                    }

                    @Override
                    public void forward(Run run, Pass values, Optional<View> reserve) {}

                    @Override
                    public void gradient(Run run, Pass values, View reserve, Pass gradients) {}
                };
        var checked = new CheckedRecurrent(negative, op -> new CheckedCall(op, backend, false));
        violates("recurrent.reserveSize: the size is negative, -3", () -> checked.reserveSize(Cell.GRU, 2, 3, 4, 5));
    }
}
