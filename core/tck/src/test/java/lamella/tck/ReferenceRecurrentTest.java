package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.View;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/// The recurrent oracle against numbers worked out by hand, with one input and one hidden unit:
/// sigmoid(0) = 1/2, sigmoid(ln 3) = 3/4, tanh(½ ln 3) = 1/2.
final class ReferenceRecurrentTest {
    private static final double EXACT = 1e-12;
    private static final double LOG = Math.log(3);

    private final ReferenceBackend reference = ReferenceBackend.create();

    private View view(Shape shape, double... values) {
        View view = View.of(reference.allocate(DType.FLOAT32, shape.size()), shape);
        for (int i = 0; i < values.length; i++) {
            reference.set(view, i, values[i]);
        }
        return view;
    }

    private View sequence(double... values) {
        return view(Shape.of(1, values.length, 1), values);
    }

    private View column(double... values) {
        return view(Shape.of(values.length, 1), values);
    }

    private View vector(double... values) {
        return view(Shape.of(values.length), values);
    }

    private void assertValues(View view, double... expected) {
        assertArrayEquals(expected, reference.values(view), EXACT);
    }

    private static Run run(Cell cell, boolean reverse, int length) {
        return new Run(cell, reverse, new int[] {length});
    }

    /// A cell without a cell state.
    private State state(double hidden) {
        return new State(column(hidden), Optional.empty());
    }

    private View reserve(Cell cell, int steps) {
        int size = reference.recurrent().orElseThrow().reserveSize(cell, 1, steps, 1, 1);
        return view(Shape.of(size));
    }

    /// Weight 2, hidden weight 3, bias 1, from the state 1.
    private Pass rectified(View x, View states, State last) {
        return new Pass(x, state(1), new Weights(column(2), column(3), vector(1), Optional.empty()), states, last);
    }

    /// x = 1, 2: 2 + 1 + 3 = 6, then 4 + 1 + 18 = 23. Back, with 10 into the first state and 1 into the
    /// last: 1 arrives at the second step and 10 + 3 at the first.
    @Test
    void runsRectifiedStepsByHand() {
        var kernels = reference.recurrent().orElseThrow();
        Run run = run(Cell.RNN_RELU, false, 2);
        Pass values = rectified(sequence(1, 2), sequence(0, 0), state(0));
        View reserve = reserve(Cell.RNN_RELU, 2);
        kernels.forward(run, values, Optional.of(reserve));
        assertValues(values.states(), 6, 23);
        assertValues(values.last().hidden(), 23);
        Pass gradients = rectified(sequence(0, 0), sequence(10, 0), state(1));
        kernels.gradient(run, values, reserve, gradients);
        assertValues(gradients.x(), 26, 2);
        assertValues(gradients.initial().hidden(), 39);
        assertValues(gradients.weights().input(), 13 + 2);
        assertValues(gradients.weights().hidden(), 13 + 6);
        assertValues(gradients.weights().bias(), 14);
    }

    /// From the last step of two to the first: 4 + 1 + 3 = 8, then 2 + 1 + 24 = 27.
    @Test
    void runsBackwardsByHandAndLeavesThePaddingOut() {
        var kernels = reference.recurrent().orElseThrow();
        Run run = run(Cell.RNN_RELU, true, 2);
        Pass values = rectified(sequence(1, 2, Double.NaN), sequence(5, 5, 5), state(0));
        View reserve = reserve(Cell.RNN_RELU, 3);
        kernels.forward(run, values, Optional.of(reserve));
        assertValues(values.states(), 27, 8, 0);
        assertValues(values.last().hidden(), 27);
        Pass gradients = rectified(sequence(5, 5, 5), sequence(0, 10, Double.NaN), state(1));
        kernels.gradient(run, values, reserve, gradients);
        assertValues(gradients.x(), 2, 26, 0);
        assertValues(gradients.weights().input(), 1 + 26);
        assertValues(gradients.weights().hidden(), 8 + 13);
    }

    @Test
    void noStepLeavesTheStateAsItWas() {
        var kernels = reference.recurrent().orElseThrow();
        Run run = run(Cell.RNN_RELU, false, 0);
        Pass values = rectified(sequence(Double.NaN), sequence(5), state(0));
        View reserve = reserve(Cell.RNN_RELU, 1);
        kernels.forward(run, values, Optional.of(reserve));
        assertValues(values.states(), 0);
        assertValues(values.last().hidden(), 1);
        Pass gradients = rectified(sequence(5), sequence(Double.NaN), state(7));
        kernels.gradient(run, values, reserve, gradients);
        assertValues(gradients.x(), 0);
        assertValues(gradients.initial().hidden(), 7);
        assertValues(gradients.weights().bias(), 0);
    }

    /// h = tanh(½ ln 3) = 1/2; its derivative is 3/4.
    @Test
    void runsATanhStepByHand() {
        var kernels = reference.recurrent().orElseThrow();
        Run run = run(Cell.RNN_TANH, false, 1);
        var weights = new Weights(column(2), column(3), vector(LOG / 2 - 11), Optional.empty());
        Pass values = new Pass(sequence(4), state(1), weights, sequence(0), state(0));
        View reserve = reserve(Cell.RNN_TANH, 1);
        kernels.forward(run, values, Optional.of(reserve));
        assertValues(values.states(), 0.5);
        var to = new Weights(column(0), column(0), vector(0), Optional.empty());
        Pass gradients = new Pass(sequence(0), state(0), to, sequence(1), state(0));
        kernels.gradient(run, values, reserve, gradients);
        assertValues(gradients.x(), 1.5);
        assertValues(gradients.initial().hidden(), 2.25);
        assertValues(to.input(), 3);
        assertValues(to.hidden(), 0.75);
    }

    /// Gates i = 3/4, f = 1/2, g = 1/2, o = 3/4 from x = 2, h = 3; the cell before is such that c' = c/2
    /// + 3/8 = ½ ln 3, so h' = 3/8. For a gradient of 1, 3/4 · 3/4 = 9/16 flows into c'.
    @Test
    void runsAnLstmStepByHand() {
        var kernels = reference.recurrent().orElseThrow();
        Run run = run(Cell.LSTM, false, 1);
        double cell = LOG - 0.75;
        double[] sums = {LOG, 0, LOG / 2, LOG};
        double[] bias = new double[4];
        for (int gate = 0; gate < 4; gate++) {
            // input weights 1, 2, 3, 4 and hidden weights −1, −2, −3, −4 on x = 2, h = 3
            bias[gate] = sums[gate] - 2 * (gate + 1) + 3 * (gate + 1);
        }
        var weights = new Weights(column(1, 2, 3, 4), column(-1, -2, -3, -4), vector(bias), Optional.empty());
        var initial = new State(column(3), Optional.of(column(cell)));
        var last = new State(column(0), Optional.of(column(0)));
        Pass values = new Pass(sequence(2), initial, weights, sequence(0), last);
        View reserve = reserve(Cell.LSTM, 1);
        kernels.forward(run, values, Optional.of(reserve));
        assertValues(values.states(), 0.375);
        assertValues(last.hidden(), 0.375);
        assertValues(last.cell().orElseThrow(), LOG / 2);
        var to = new Weights(column(0, 0, 0, 0), column(0, 0, 0, 0), vector(0, 0, 0, 0), Optional.empty());
        var toInitial = new State(column(0), Optional.of(column(0)));
        var fromLast = new State(column(1), Optional.of(column(0)));
        Pass gradients = new Pass(sequence(0), toInitial, to, sequence(0), fromLast);
        kernels.gradient(run, values, reserve, gradients);
        double[] gates = {27 / 512.0, 9 / 64.0 * cell, 81 / 256.0, 3 / 32.0};
        double toX = gates[0] + 2 * gates[1] + 3 * gates[2] + 4 * gates[3];
        assertValues(to.bias(), gates);
        assertValues(to.input(), 2 * gates[0], 2 * gates[1], 2 * gates[2], 2 * gates[3]);
        assertValues(to.hidden(), 3 * gates[0], 3 * gates[1], 3 * gates[2], 3 * gates[3]);
        assertValues(gradients.x(), toX);
        assertValues(toInitial.hidden(), -toX);
        assertValues(toInitial.cell().orElseThrow(), 9 / 32.0);
    }

    /// r = 1/2, z = 3/4 and n = 1/2 from x = 1, h = 4, where the candidate's product is 4/4 + 1 = 2: h'
    /// = 1/4 · 1/2 + 3/4 · 4.
    @Test
    void runsAGruStepByHand() {
        var kernels = reference.recurrent().orElseThrow();
        Run run = run(Cell.GRU, false, 1);
        var weights =
                new Weights(
                        column(1, 2, 3),
                        column(1, 2, 0.25),
                        vector(-1 - 4, LOG - 2 - 8, LOG / 2 - 3 - 1),
                        Optional.of(vector(1)));
        Pass values = new Pass(sequence(1), state(4), weights, sequence(0), state(0));
        View reserve = reserve(Cell.GRU, 1);
        kernels.forward(run, values, Optional.of(reserve));
        assertValues(values.states(), 3.125);
        var to = new Weights(column(0, 0, 0), column(0, 0, 0), vector(0, 0, 0), Optional.of(vector(0)));
        Pass gradients = new Pass(sequence(0), state(0), to, sequence(1), state(0));
        kernels.gradient(run, values, reserve, gradients);
        // candidate 1/4 · 3/4; reset 3/16 · 2 · 1/4; update (4 − 1/2) · 3/16
        assertValues(to.bias(), 3 / 32.0, 21 / 32.0, 6 / 32.0);
        assertValues(to.candidateBias().orElseThrow(), 3 / 32.0);
        assertValues(to.input(), 3 / 32.0, 21 / 32.0, 6 / 32.0);
        assertValues(to.hidden(), 12 / 32.0, 84 / 32.0, 12 / 32.0);
        assertValues(gradients.x(), (3 + 42 + 18) / 32.0);
        assertValues(gradients.initial().hidden(), 0.75 + (3 + 42 + 0.75) / 32);
    }

    @Test
    void canBeHadWithoutFusedKernels() {
        assertEquals(Optional.empty(), ReferenceBackend.withoutFusedKernels().recurrent());
    }
}
