package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.nn.Initializer;
import lamella.nn.Scope;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.Optional;

/// One step of a gated recurrent unit: `h' = (1 − z) ∘ n + z ∘ h`; [Gru] says what is what.
public final class GruCell implements RecurrentCell {
    private static final int RESET = 0;
    private static final int UPDATE = 1;
    private static final int CANDIDATE = 2;

    private final Gates gates;
    private final Parameter candidateBias;

    private GruCell(Gates gates, Parameter candidateBias) {
        this.gates = gates;
        this.candidateBias = candidateBias;
    }

    /// Returns a new cell.
    ///
    /// @param inputs the number of features of a step
    /// @param hidden hidden units
    public static GruCell create(Scope scope, int inputs, int hidden) {
        Gates gates = Gates.create(scope, 3, inputs, hidden, Initializer.zeros());
        return new GruCell(gates, scope.parameter("candidateBias", Shape.of(hidden), Initializer.zeros()));
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
        Tensor recurred = gates.recur(recurrent);
        Tensor reset = gates.part(projected, RESET).add(gates.part(recurred, RESET)).sigmoid();
        Tensor update = gates.part(projected, UPDATE).add(gates.part(recurred, UPDATE)).sigmoid();
        Tensor old = gates.part(recurred, CANDIDATE).add(candidateBias.value());
        Tensor candidate = gates.part(projected, CANDIDATE).add(reset.multiply(old)).tanh();
        Tensor hidden = candidate.add(update.multiply(state.hidden().subtract(candidate)));
        return new State(hidden, Optional.empty());
    }

    @Override
    public Optional<Fused> fused() {
        return Optional.of(new Fused(Recurrence.GRU, gates.weights(Optional.of(candidateBias.value()))));
    }
}
