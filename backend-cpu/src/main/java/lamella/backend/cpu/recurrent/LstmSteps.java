package lamella.backend.cpu.recurrent;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// An LSTM: gates i, f, g (the candidate) and o. It keeps the cell after each step; tanh of it is
/// computed again on the way back, which takes no longer than reading it would.
///
/// @param size H
record LstmSteps(Primitives primitives, CellLoops loops, int size) implements CellSteps {
    @Override
    public void forward(Forward a, int row, int place) {
        float[] gates = a.gates().array();
        int g = a.gates().at(row);
        loops.sum(gates, g, a.products().array(), a.products().at(place), a.bias().array(), a.bias().at(0), 4 * size);
        primitives.unary(Unary.SIGMOID, 0f, gates, g, gates, g, 2 * size);
        primitives.unary(Unary.TANH, 0f, gates, g + 2 * size, gates, g + 2 * size, size);
        primitives.unary(Unary.SIGMOID, 0f, gates, g + 3 * size, gates, g + 3 * size, size);
        float[] cell = a.cell().array();
        int c = a.cell().at(place);
        loops.lstmCell(gates, g, cell, c, size);
        a.kept().set(row, a.cell(), place);
        float[] hidden = a.hidden().array();
        int h = a.hidden().at(place);
        primitives.unary(Unary.TANH, 0f, cell, c, hidden, h, size);
        primitives.binary(Binary.MULTIPLY, hidden, h, gates, g + 3 * size, hidden, h, size);
    }

    @Override
    public void backward(
            Backward a, int row, int place, FloatRows after, int afterRow, FloatRows cellBefore, int cellRow) {
        float[] squashed = a.workspace().array();
        int t = a.workspace().at(0);
        primitives.unary(Unary.TANH, 0f, a.kept().array(), a.kept().at(row), squashed, t, size);
        float[] gates = a.gates().array();
        int g = a.gates().at(row);
        float[] arguments = a.arguments().array();
        int to = a.arguments().at(place);
        float[] hidden = a.hidden().array();
        int h = a.hidden().at(place);
        loops.lstmGradient(
                gates,
                g,
                squashed,
                t,
                cellBefore.array(),
                cellBefore.at(cellRow),
                hidden,
                h,
                a.cell().array(),
                a.cell().at(place),
                arguments,
                to,
                size);
        System.arraycopy(arguments, to, gates, g, 4 * size);
        Arrays.fill(hidden, h, h + size, 0f);
    }
}
