package lamella.layers.rnn;

import lamella.nn.Initializer;
import lamella.nn.Scope;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.Optional;

/// One step of a simple recurrent layer: `h' = f(W x + b + U h)`; [Rnn] says what is what.
public final class RnnCell implements RecurrentCell {
    private final Gates gates;
    private final boolean relu;

    private RnnCell(Gates gates, boolean relu) {
        this.gates = gates;
        this.relu = relu;
    }

    /// Returns a new cell.
    ///
    /// @param inputs the number of features of a step
    /// @param hidden hidden units
    /// @param relu whether f(a) is max(a, 0), not tanh(a)
    public static RnnCell create(Scope scope, int inputs, int hidden, boolean relu) {
        return new RnnCell(Gates.create(scope, 1, inputs, hidden, Initializer.zeros()), relu);
    }

    @Override
    public int hidden() {
        return gates.hidden();
    }

    @Override
    public Tensor project(Tensor x) {
        return gates.project(x);
    }

    @Override
    public State advance(Tensor projected, Tensor recurrent, State state) {
        Tensor sum = projected.add(gates.recur(recurrent));
        return new State(relu ? sum.relu() : sum.tanh(), Optional.empty());
    }

    @Override
    public Optional<Fused> fused() {
        Recurrence recurrence = relu ? Recurrence.RNN_RELU : Recurrence.RNN_TANH;
        return Optional.of(new Fused(recurrence, gates.weights(Optional.empty())));
    }
}
