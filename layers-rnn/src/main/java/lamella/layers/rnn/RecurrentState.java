package lamella.layers.rnn;

import lamella.tensor.Memory;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.function.UnaryOperator;

/// The state of a recurrent layer: what it needs to read on where it stopped.
///
/// @param parts one for each layer and direction: layer by layer from below, of each layer forward before backward
public record RecurrentState(List<State> parts) {
    /// Copies the list.
    public RecurrentState {
        parts = List.copyOf(parts);
    }

    /// Returns the same values, through which no gradient flows: where backpropagation through time is cut off.
    public RecurrentState detach() {
        return map(Tensor::detach);
    }

    /// Moves the values from the current memory scope to the one around it, as [Memory#keep] does.
    public RecurrentState keep() {
        return map(Memory::keep);
    }

    private RecurrentState map(UnaryOperator<Tensor> change) {
        return new RecurrentState(
                parts.stream().map(s -> new State(change.apply(s.hidden()), s.cell().map(change))).toList());
    }
}
