package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.nn.Initializer;
import lamella.nn.Scope;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence.Weights;
import lamella.tensor.Tensor;

import java.util.Optional;

/// The weights that all kinds of cells have, one part for each gate, on top of each other.
///
/// @param hidden hidden units, H
/// @param inputWeight `[G·H, in]`
/// @param hiddenWeight `[G·H, H]`
/// @param bias `[G·H]`
record Gates(int hidden, Parameter inputWeight, Parameter hiddenWeight, Parameter bias) {
    /// Makes them.
    ///
    /// @param gates their number, G
    /// @param bias the initial bias
    static Gates create(Scope scope, int gates, int inputs, int hidden, Initializer bias) {
        int stacked = gates * hidden;
        return new Gates(
                hidden,
                scope.parameter(
                        "inputWeight",
                        Shape.of(stacked, inputs),
                        Initializer.stacked(gates, Initializer.glorotUniform())),
                scope.parameter(
                        "hiddenWeight",
                        Shape.of(stacked, hidden),
                        Initializer.stacked(gates, Initializer.orthogonal())),
                scope.parameter("bias", Shape.of(stacked), bias));
    }

    Tensor project(Tensor x) {
        return x.linear(inputWeight.value(), bias.value());
    }

    /// Returns what the hidden state gives to each gate: `[N, H]` to `[N, G·H]`.
    Tensor recur(Tensor recurrent) {
        return recurrent.linear(hiddenWeight.value());
    }

    /// Returns the part of one gate: `[N, G·H]` to `[N, H]`.
    Tensor part(Tensor gates, int gate) {
        return gates.slice(1, gate * hidden, (gate + 1) * hidden);
    }

    Weights weights(Optional<Tensor> candidateBias) {
        return new Weights(inputWeight.value(), hiddenWeight.value(), bias.value(), candidateBias);
    }
}
