package lamella.backend;

import java.util.Optional;

/// Whole sequences through a recurrent cell, fused: all steps in one call.
///
/// N sequences of T steps run from an initial state. Sequence n has `lengths[n]` steps, in [0, T];
/// what lies behind them is padding: it is not read (it may hold anything, NaN too), its states are
/// 0, its gradients are 0, and the last state is that of the last step before it. `reverse` runs
/// from step `lengths[n] − 1` down to 0; the last state is then that of step 0. A sequence of
/// length 0 leaves the state as it was.
///
/// With x the input of a step, h and c the state before it, W the input weight, U the hidden weight
/// and b the bias, all stacked by gate:
///
/// - RNN: `h' = f(W x + b + U h)`
/// - LSTM: gates `i, f, o = sigmoid(W x + b + U h)`, candidate `g = tanh(W x + b + U h)`;
///   `c' = f ∘ c + i ∘ g`, `h' = o ∘ tanh(c')`
/// - GRU: `r, z = sigmoid(W x + b + U h)`, candidate `n = tanh(W x + b + r ∘ (U h + d))` with the
///   candidate bias d; `h' = (1 − z) ∘ n + z ∘ h`
///
/// ## Source
/// Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 1997, with the forget
/// gate of Gers et al., "Learning to forget", Neural Computation 2000; Cho et al., "Learning phrase
/// representations using RNN encoder-decoder", EMNLP 2014, with the reset gate applied after the
/// product, as the fused kernels of accelerators want it.
public interface RecurrentKernels {
    /// The kind of cell, and the gates that weights stack, in this order.
    enum Cell {
        /// One gate, f = tanh.
        RNN_TANH(1),
        /// One gate, f(a) = max(a, 0).
        RNN_RELU(1),
        /// Input, forget, candidate, output.
        LSTM(4),
        /// Reset, update, candidate.
        GRU(3);

        private final int gates;

        Cell(int gates) {
            this.gates = gates;
        }

        /// Returns how many gates the weights stack.
        public int gates() {
            return gates;
        }

        /// Tells whether the state has a cell besides the hidden part.
        public boolean hasCell() {
            return this == LSTM;
        }

        /// Tells whether the candidate has a bias of its own beside the hidden product.
        public boolean hasCandidateBias() {
            return this == GRU;
        }
    }

    /// How a pass runs.
    ///
    /// @param cell the kind of cell
    /// @param reverse whether each sequence runs from its last step to its first
    /// @param lengths on the host, the steps of each sequence; not written to
    record Run(Cell cell, boolean reverse, int[] lengths) {}

    /// A state.
    ///
    /// @param hidden `[N, H]`
    /// @param cell `[N, H]`, of an LSTM
    record State(View hidden, Optional<View> cell) {}

    /// What is learnt; G is the number of gates.
    ///
    /// @param input `[G·H, in]`
    /// @param hidden `[G·H, H]`
    /// @param bias `[G·H]`
    /// @param candidateBias `[H]`, of a GRU
    record Weights(View input, View hidden, View bias, Optional<View> candidateBias) {}

    /// The arrays of one pass: values, or the gradients of the loss with respect to them.
    ///
    /// @param x `[N, T, in]`
    /// @param initial the state before the first step
    /// @param weights what is learnt
    /// @param states `[N, T, H]`: the hidden state after each step, 0 in the padding
    /// @param last the state after the last step
    record Pass(View x, State initial, Weights weights, View states, State last) {}

    /// Returns how many float32 elements [#forward] leaves for [#gradient].
    int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden);

    /// Computes `states` and `last` of a pass from the rest of it.
    ///
    /// @param reserve `[reserveSize]`, written for the gradient in a layout of the backend's own;
    ///     empty where none will be asked for
    void forward(Run run, Pass values, Optional<View> reserve);

    /// Computes the gradients of `x`, `initial` and `weights` from those of `states` and `last`.
    ///
    /// @param values what [#forward] read and wrote
    /// @param reserve what [#forward] left; may be overwritten
    /// @param gradients `states` and `last` are read (the padding of `states` is not), the rest is
    ///     written
    void gradient(Run run, Pass values, View reserve, Pass gradients);
}
