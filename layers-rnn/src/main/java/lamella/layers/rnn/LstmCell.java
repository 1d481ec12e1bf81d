package lamella.layers.rnn;

import static lamella.nn.Initializer.ones;
import static lamella.nn.Initializer.zeros;

import lamella.array.Shape;
import lamella.nn.Initializer;
import lamella.nn.Scope;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.Optional;

/// One step of a long short-term memory: `c' = f ∘ c + i ∘ g`, `h' = o ∘ tanh(c')`; [Lstm] says what is what.
public final class LstmCell implements RecurrentCell {
    private static final int INPUT = 0;
    private static final int FORGET = 1;
    private static final int CANDIDATE = 2;
    private static final int OUTPUT = 3;

    private final Gates gates;
    private final Optional<Parameter> peephole;

    private LstmCell(Gates gates, Optional<Parameter> peephole) {
        this.gates = gates;
        this.peephole = peephole;
    }

    /// Returns a new cell.
    ///
    /// @param inputs the number of features of a step
    /// @param hidden hidden units
    /// @param peepholes whether the gates see the cell
    public static LstmCell create(Scope scope, int inputs, int hidden, boolean peepholes) {
        Gates gates = Gates.create(scope, 4, inputs, hidden, Initializer.stacked(zeros(), ones(), zeros(), zeros()));
        return new LstmCell(
                gates,
                peepholes ? Optional.of(scope.parameter("peephole", Shape.of(3 * hidden), zeros())) : Optional.empty());
    }

    @Override
    public int hidden() {
        return gates.hidden();
    }

    @Override
    public boolean hasCell() {
        return true;
    }

    @Override
    public Tensor project(Tensor x) {
        return gates.project(x);
    }

    @Override
    public State advance(Tensor projected, Tensor recurrent, State state) {
        Tensor before = state.cell().orElseThrow();
        Tensor sums = projected.add(gates.recur(recurrent));
        Tensor input = peep(gates.part(sums, INPUT), 0, before).sigmoid();
        Tensor forget = peep(gates.part(sums, FORGET), 1, before).sigmoid();
        Tensor candidate = gates.part(sums, CANDIDATE).tanh();
        Tensor cell = forget.multiply(before).add(input.multiply(candidate));
        Tensor output = peep(gates.part(sums, OUTPUT), 2, cell).sigmoid();
        return new State(output.multiply(cell.tanh()), Optional.of(cell));
    }

    /// Adds what a gate sees of the cell.
    private Tensor peep(Tensor sum, int gate, Tensor cell) {
        if (peephole.isEmpty()) {
            return sum;
        }
        Tensor weight = peephole.get().value().slice(0, gate * hidden(), (gate + 1) * hidden());
        return sum.add(cell.multiply(weight));
    }

    @Override
    public Optional<Fused> fused() {
        return peephole.isPresent()
                ? Optional.empty()
                : Optional.of(new Fused(Recurrence.LSTM, gates.weights(Optional.empty())));
    }
}
