package lamella.nn;

import lamella.array.DType;
import lamella.backend.Epilogue.Function;
import lamella.tensor.Epilogue;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/// A [Residual] of a frozen model, whose sum is computed with the last layer of one of its ways.
///
/// @param before what one way does before its last layer
/// @param last that layer
/// @param other the other way; no part where that is the input itself
/// @param functions what follows the sum
record FrozenSum(List<Scope.Part> before, Fusible last, List<Scope.Part> other, List<Function> functions)
        implements Joinable {
    /// Returns the sum; empty where neither way ends in a linear layer.
    static Optional<FrozenSum> of(List<Scope.Part> body, List<Scope.Part> shortcut) {
        return endingIn(body, shortcut).or(() -> endingIn(shortcut, body));
    }

    private static Optional<FrozenSum> endingIn(List<Scope.Part> way, List<Scope.Part> other) {
        return way.isEmpty()
                ? Optional.empty()
                : linear(way.getLast().layer())
                        .map(last -> new FrozenSum(way.subList(0, way.size() - 1), last, other, List.of()));
    }

    private static Optional<Fusible> linear(Layer layer) {
        return switch (layer) {
            case Fused(Fusible linear, List<Function> functions) when functions.isEmpty() -> Optional.of(linear);
            case Fusible linear -> Optional.of(linear);
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<Layer> followedBy(Finish next) {
        return switch (next) {
            case Finish.Applied(Function function) ->
                    Optional.of(new FrozenSum(before, last, other, Fused.plus(functions, function)));
            case Finish.Scaled _ -> Optional.empty();
        };
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor through = run(before, x);
        Tensor around = run(other, x);
        return last.forward(through, Epilogue.of(functions).plus(around));
    }

    private static Tensor run(List<Scope.Part> parts, Tensor x) {
        Tensor y = x;
        for (Scope.Part part : parts) {
            y = part.forward(y);
        }
        return y;
    }

    /// With lengths the two ways may lose them, so that the sum waits for both.
    @Override
    public Sequences forward(Sequences x) {
        if (x.lengths().isEmpty()) {
            return Sequences.of(forward(x.values()));
        }
        Sequences sum = Residual.sum(last.forward(run(before, x)), run(other, x));
        return sum.with(Epilogue.of(functions).apply(sum.values()));
    }

    private static Sequences run(List<Scope.Part> parts, Sequences x) {
        Sequences y = x;
        for (Scope.Part part : parts) {
            y = part.forward(y);
        }
        return y;
    }

    @Override
    public DType inputType() {
        return before.isEmpty() ? last.inputType() : before.getFirst().layer().inputType();
    }
}
