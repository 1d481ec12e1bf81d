package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/// A layer with a way around it: `y = body(x) + shortcut(x)`, or `y = body(x) + x` without a shortcut. What follows the
/// sum, such as the rectifier of the paper's blocks, is a layer of its own.
///
/// The parameters are named below `body` and `shortcut`.
///
/// ## Shapes
/// - input `[N, ...]`, as both ways take it
/// - output `[N, ...]`, as both ways give it; without a shortcut the input's shape
///
/// ## Errors
/// [ShapeException] if the two ways give different shapes, though one would broadcast, or a layer does not fit.
///
/// ## Source
/// He et al., "Deep residual learning for image recognition", CVPR 2016, section 3.2.
///
/// {@snippet :
/// LayerSpec block = sequential(
///         residual(
///                 sequential(conv2d(64, 3).stride(2).padding(1).withoutBias(), batchNorm(), relu(),
///                         conv2d(64, 3).padding(1).withoutBias(), batchNorm()),
///                 sequential(conv2d(64, 1).stride(2).withoutBias(), batchNorm())),
///         relu());
/// }
///
/// @param body the layer
/// @param shortcut what is on the way around it; empty where that is the input itself
public record Residual(LayerSpec body, Optional<LayerSpec> shortcut) implements LayerSpec {
    static final LayerType<Residual> TYPE =
            LayerType.of(
                    "residual",
                    Residual.class,
                    fields -> new Residual(fields.layer("body"), fields.optionalLayer("shortcut")),
                    (residual, out) -> {
                        out.put("body", residual.body());
                        residual.shortcut().ifPresent(layer -> out.put("shortcut", layer));
                    });

    @Override
    public Layer build(Scope scope, Shape input) {
        Scope.Part through = scope.build("body", body, input);
        Optional<Scope.Part> around = shortcut.map(layer -> scope.build("shortcut", layer, input));
        Shape other = around.map(Scope.Part::output).orElse(input);
        if (!through.output().equals(other)) {
            String role = around.isPresent() ? "shortcut" : "input";
            throw ShapeException.of("residual", "body and " + role + " cannot be added, their shapes differ")
                    .operand("body", through.output(), "", "")
                    .operand(role, other, "", "");
        }
        return new Built(through, around);
    }

    /// Two ways that keep their lengths give a sequence; else nothing may come from the padding of one that does.
    static Sequences sum(Sequences left, Sequences right) {
        if (left.lengths().isEmpty() || right.lengths().isEmpty()) {
            return Sequences.of(left.masked().add(right.masked()));
        }
        return left.with(left.values().add(right.values()));
    }

    private record Built(Scope.Part through, Optional<Scope.Part> around) implements Layer {
        @Override
        public Layer frozen() {
            List<Scope.Part> body = Folding.of(List.of(through));
            List<Scope.Part> shortcut = Folding.of(around.stream().toList());
            Optional<FrozenSum> sum = FrozenSum.of(body, shortcut);
            return sum.isPresent() ? sum.get() : new Built(through.frozen(), around.map(Scope.Part::frozen));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor left = through.forward(x);
            Tensor right = around.map(part -> part.forward(x)).orElse(x);
            Tensor sum = left.add(right);
            Memory.letGo(left, x);
            Memory.letGo(right, x);
            return sum;
        }

        @Override
        public Sequences forward(Sequences x) {
            return sum(through.forward(x), around.map(part -> part.forward(x)).orElse(x));
        }

        @Override
        public DType inputType() {
            return through.layer().inputType();
        }
    }

    @Override
    public String toString() {
        return "residual(" + body + shortcut.map(layer -> ", " + layer).orElse("") + ")";
    }
}
