package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/// Layers one after the other. Each is named by its kind and number, `conv2d1`, `conv2d2`, unless it
/// is [Named].
///
/// @param layers in the order in which they run
public record Sequential(List<LayerSpec> layers) implements LayerSpec {
    static final LayerType<Sequential> TYPE =
            LayerType.of(
                    "sequential",
                    Sequential.class,
                    fields -> new Sequential(fields.layers("layers")),
                    (sequential, out) -> out.put("layers", sequential.layers()));

    /// Copies the list.
    public Sequential {
        layers = List.copyOf(layers);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        var parts = new ArrayList<Scope.Part>();
        var numbers = new HashMap<String, Integer>();
        Shape shape = input;
        for (LayerSpec layer : layers) {
            Scope.Part part = scope.build(Named.name(layer, numbers), Named.inner(layer), shape);
            parts.add(part);
            shape = part.output();
        }
        return new Built(List.copyOf(parts));
    }

    record Built(List<Scope.Part> parts) implements Layer {
        @Override
        public Layer frozen() {
            return new Built(Folding.of(parts));
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor y = x;
            for (Scope.Part part : parts) {
                Tensor before = y;
                y = part.forward(before);
                Memory.letGo(before, x, y);
            }
            return y;
        }

        @Override
        public Sequences forward(Sequences x) {
            Sequences y = x;
            for (Scope.Part part : parts) {
                Sequences before = y;
                y = part.forward(before);
                Memory.letGo(before.values(), x.values(), y.values());
            }
            return y;
        }

        @Override
        public DType inputType() {
            return parts.isEmpty() ? DType.FLOAT32 : parts.getFirst().layer().inputType();
        }
    }

    @Override
    public String toString() {
        return layers.stream().map(LayerSpec::toString).collect(Collectors.joining(", ", "sequential(", ")"));
    }
}
