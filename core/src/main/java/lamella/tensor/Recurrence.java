package lamella.tensor;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.RecurrentKernels;
import lamella.backend.RecurrentKernels.Run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A kind of recurrent cell, and whole sequences through it by a backend's fused kernels
/// ([RecurrentKernels], which has the formulas).
///
/// {@snippet :
/// if (Recurrence.isFused(backend)) {
///     var result = Recurrence.LSTM.run(x, lengths, false, state, weights);   // [N, T, in] -> states [N, T, H]
/// }
/// }
public enum Recurrence {
    /// One gate, f = tanh.
    RNN_TANH(RecurrentKernels.Cell.RNN_TANH),
    /// One gate, f(a) = max(a, 0).
    RNN_RELU(RecurrentKernels.Cell.RNN_RELU),
    /// Gates input, forget, candidate, output.
    LSTM(RecurrentKernels.Cell.LSTM),
    /// Gates reset, update, candidate.
    GRU(RecurrentKernels.Cell.GRU);

    private final RecurrentKernels.Cell cell;

    Recurrence(RecurrentKernels.Cell cell) {
        this.cell = cell;
    }

    /// A state: the initial one, or the last.
    ///
    /// @param hidden `[N, H]`
    /// @param cell `[N, H]`, of an LSTM
    public record State(Tensor hidden, Optional<Tensor> cell) {}

    /// What is learnt; G is the number of gates.
    ///
    /// @param input `[G·H, in]`
    /// @param hidden `[G·H, H]`
    /// @param bias `[G·H]`
    /// @param candidateBias `[H]`, of a GRU
    public record Weights(Tensor input, Tensor hidden, Tensor bias, Optional<Tensor> candidateBias) {}

    /// What comes out.
    ///
    /// @param states `[N, T, H]`, 0 behind each sequence's length
    /// @param last the state after each sequence's last step
    public record Result(Tensor states, State last) {}

    /// Tells whether a backend has the kernels.
    public static boolean isFused(Backend backend) {
        return backend.recurrent().isPresent();
    }

    /// Returns how many gates the weights stack.
    public int gates() {
        return cell.gates();
    }

    /// Runs all steps.
    ///
    /// @param x `[N, T, in]`
    /// @param lengths the number of steps of each sequence, in [0, T]
    /// @param reverse whether each sequence runs from its last step to its first
    /// @throws ShapeException if the shapes do not fit, or a length is outside [0, T]
    /// @throws IllegalStateException if the backend has no such kernels
    /// @throws java.util.NoSuchElementException if cell or candidate bias is missing where the kind of
    ///     cell has one
    public Result run(Tensor x, int[] lengths, boolean reverse, State initial, Weights weights) {
        var operands = new ArrayList<>(List.of(x, initial.hidden(), weights.input(), weights.hidden(), weights.bias()));
        if (cell.hasCell()) {
            operands.add(initial.cell().orElseThrow());
        }
        if (cell.hasCandidateBias()) {
            operands.add(weights.candidateBias().orElseThrow());
        }
        Tensor[] in = operands.toArray(Tensor[]::new);
        var run = new Run(cell, reverse, lengths.clone());
        var op = new RecurrentOps.Sequence(run, reserve(x, initial.hidden(), in));
        Tensor flat = Op.apply(op, in);
        Shape state = initial.hidden().shape();
        Shape states = Shape.of(x.shape().dim(0), x.shape().dim(1), state.dim(1));
        Tensor hidden = part(flat, states.size(), state);
        Optional<Tensor> lastCell =
                cell.hasCell() ? Optional.of(part(flat, states.size() + state.size(), state)) : Optional.empty();
        return new Result(part(flat, 0, states), new State(hidden, lastCell));
    }

    private static Tensor part(Tensor flat, int start, Shape shape) {
        return Op.apply(new LayoutOps.Part(start, shape), flat);
    }

    /// Room for what the gradient needs; none where nothing records, or where shapes do not fit, which
    /// the op itself will say.
    private Optional<Tensor> reserve(Tensor x, Tensor hidden, Tensor[] in) {
        if (!Tape.records(in) || x.shape().rank() != 3 || hidden.shape().rank() != 2) {
            return Optional.empty();
        }
        Shape shape = x.shape();
        int size =
                RecurrentOps.Sequence.kernels(x.backend())
                        .reserveSize(cell, shape.dim(0), shape.dim(1), shape.dim(2), hidden.shape().dim(1));
        return Optional.of(Tensor.empty(x.backend(), Shape.of(size)));
    }
}
