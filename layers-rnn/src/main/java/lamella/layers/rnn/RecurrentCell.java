package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.Optional;

/// One step of a recurrent layer: from a state and an input to the next state, which is also the output.
///
/// A step has two halves. The first, [#project], looks at the input alone: a sequence is projected by one product
/// for all its steps. The second, [#advance], looks at the state, and must go step by step.
///
/// ## Shapes
/// - input of a step `[N, in]`
/// - hidden state `[N, H]`, and where the kind of cell has one, the cell `[N, H]`
///
/// {@snippet :
/// RecurrentCell cell = lstm(64).cell(scope, 32);
/// State state = cell.zeroState(x.backend(), 16);
/// state = cell.step(x, state);   // [16, 32]
/// }
public interface RecurrentCell {
    /// Returns the number of hidden units, H.
    int hidden();

    /// Tells whether the state has a cell besides the hidden part.
    default boolean hasCell() {
        return false;
    }

    /// Returns what the input gives to each gate: `[..., in]` to `[..., G·H]`, any axes in front.
    Tensor project(Tensor x);

    /// Returns the next state.
    ///
    /// @param projected `[N, G·H]`: a step's input, projected
    /// @param recurrent `[N, H]`: the hidden state as the gates see it: that of `state`, unless dropout acts on it
    /// @param state the state before the step
    State advance(Tensor projected, Tensor recurrent, State state);

    /// Returns the next state for an input `[N, in]`.
    default State step(Tensor x, State state) {
        return advance(project(x), state.hidden(), state);
    }

    /// Returns the state in which a sequence begins: zeros.
    default State zeroState(Backend backend, int batch) {
        Tensor zeros = Tensor.zeros(backend, Shape.of(batch, hidden()));
        return new State(zeros, hasCell() ? Optional.of(zeros) : Optional.empty());
    }

    /// Returns this cell as a backend's fused kernels know it; empty where they do not.
    default Optional<Fused> fused() {
        return Optional.empty();
    }

    /// A cell as fused kernels know it.
    ///
    /// @param recurrence the kind of cell
    /// @param weights what it has learnt
    record Fused(Recurrence recurrence, Recurrence.Weights weights) {}
}
