package lamella.backend.cpu.recurrent;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.cpu.vector.Primitives;

/// A GRU: gates r and z and the candidate n. It keeps the candidate's hidden product with its bias, q
/// = U h + d, and on the way back leaves the gradient of that in its place.
///
/// @param size H
record GruSteps(Primitives primitives, CellLoops loops, int size) implements CellSteps {
    @Override
    public void forward(Forward a, int row, int place) {
        float[] gates = a.gates().array();
        int g = a.gates().at(row);
        int candidate = g + 2 * size;
        float[] products = a.products().array();
        int p = a.products().at(place);
        float[] bias = a.bias().array();
        int b = a.bias().at(0);
        loops.sum(gates, g, products, p, bias, b, 2 * size);
        primitives.unary(Unary.SIGMOID, 0f, gates, g, gates, g, 2 * size);
        float[] kept = a.kept().array();
        int q = a.kept().at(row);
        var more = a.candidateBias();
        primitives.binary(Binary.ADD, products, p + 2 * size, more.array(), more.at(0), kept, q, size);
        loops.gruCandidate(gates, candidate, bias, b + 2 * size, gates, g, kept, q, size);
        primitives.unary(Unary.TANH, 0f, gates, candidate, gates, candidate, size);
        loops.gruBlend(gates, g + size, a.hidden().array(), a.hidden().at(place), size);
    }

    @Override
    public void backward(
            Backward a, int row, int place, FloatRows after, int afterRow, FloatRows cellBefore, int cellRow) {
        float[] gates = a.gates().array();
        int g = a.gates().at(row);
        float[] kept = a.kept().array();
        int q = a.kept().at(row);
        loops.gruGradient(
                gates,
                g,
                kept,
                q,
                a.before().array(),
                a.before().at(row),
                a.hidden().array(),
                a.hidden().at(place),
                size);
        float[] arguments = a.arguments().array();
        int to = a.arguments().at(place);
        System.arraycopy(gates, g, arguments, to, 2 * size);
        System.arraycopy(kept, q, arguments, to + 2 * size, size);
    }
}
