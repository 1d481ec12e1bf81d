package lamella.backend;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;

import java.util.List;
import java.util.Optional;

/// What is done with each element of a result while it is at hand: `y = f(x + added)`.
///
/// @param added of the result's shape; empty where nothing is added
/// @param functions applied one after the other; none is the identity
public record Epilogue(Optional<View> added, List<Function> functions) {
    /// A function of one element with its constant.
    ///
    /// @param op which function
    /// @param alpha its constant; ignored where it has none
    public record Function(Unary op, float alpha) {}

    /// Copies the list.
    public Epilogue {
        functions = List.copyOf(functions);
    }

    /// Does it afterwards, in place: what a backend without a better way does.
    ///
    /// @param out what was computed, and what comes of it
    public void finish(ElementwiseKernels kernels, View out) {
        if (added.isPresent()) {
            kernels.binary(Binary.ADD, out, added.get(), out);
        }
        for (Function function : functions) {
            kernels.unary(function.op(), function.alpha(), out, out);
        }
    }
}
