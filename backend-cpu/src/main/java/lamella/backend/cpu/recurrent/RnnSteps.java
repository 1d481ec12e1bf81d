package lamella.backend.cpu.recurrent;

import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// A cell of one gate, the hidden state itself; it keeps nothing more.
///
/// @param activation tanh or relu, whose slope the result tells
/// @param size H
record RnnSteps(Primitives primitives, CellLoops loops, Unary activation, int size) implements CellSteps {
    @Override
    public void forward(Forward a, int row, int place) {
        float[] gates = a.gates().array();
        int g = a.gates().at(row);
        loops.sum(gates, g, a.products().array(), a.products().at(place), a.bias().array(), a.bias().at(0), size);
        primitives.unary(activation, 0f, gates, g, a.hidden().array(), a.hidden().at(place), size);
    }

    @Override
    public void backward(
            Backward a, int row, int place, FloatRows after, int afterRow, FloatRows cellBefore, int cellRow) {
        float[] state = after.array();
        int s = after.at(afterRow);
        float[] hidden = a.hidden().array();
        int h = a.hidden().at(place);
        float[] arguments = a.arguments().array();
        int to = a.arguments().at(place);
        // relu(a) > 0 where a > 0, so that the state serves as the argument too.
        primitives.unaryGradient(activation, 0f, state, s, state, s, hidden, h, arguments, to, size);
        System.arraycopy(arguments, to, a.gates().array(), a.gates().at(row), size);
        Arrays.fill(hidden, h, h + size, 0f);
    }
}
