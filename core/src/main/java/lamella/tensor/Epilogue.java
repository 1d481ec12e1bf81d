package lamella.tensor;

import lamella.backend.Epilogue.Function;

import java.util.List;
import java.util.Optional;

/// What is done with the result of a convolution or linear map while it is computed: `y = f(x + added)`.
///
/// {@snippet :
/// Epilogue relu = Epilogue.of(List.of(new Function(Unary.RELU, 0)));
/// Tensor y = x.linear(weight, bias, relu.plus(shortcut));   // max(x · weightᵀ + bias + shortcut, 0)
/// }
///
/// @param added of the result's shape; empty where nothing is added
/// @param functions applied one after the other; none is the identity
public record Epilogue(Optional<Tensor> added, List<Function> functions) {
    /// Copies the list.
    public Epilogue {
        functions = List.copyOf(functions);
    }

    /// Returns the epilogue that applies functions.
    public static Epilogue of(List<Function> functions) {
        return new Epilogue(Optional.empty(), functions);
    }

    /// Returns this epilogue with a tensor to add before the functions.
    public Epilogue plus(Tensor tensor) {
        return new Epilogue(Optional.of(tensor), functions);
    }

    /// Returns what this makes of a tensor, one operation after the other.
    public Tensor apply(Tensor x) {
        Tensor y = added.map(x::add).orElse(x);
        for (Function function : functions) {
            y = y.apply(function.op(), function.alpha());
        }
        return y;
    }
}
