package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;

/// Layers side by side: each sees the same input, and their outputs are joined along the last axis.
///
/// ## Shapes
/// - input `[N, ...]`, as every layer takes it
/// - output `[N, ..., features]`, features being the sum over the layers; the other axes agree
///
/// ## Errors
/// [ShapeException] if the outputs differ in another axis than the last, or a layer does not fit.
///
/// ## Source
/// Such as the blocks of Szegedy et al., "Going deeper with convolutions", CVPR 2015, or the two halves of Cheng et al.,
/// "Wide & deep learning for recommender systems", DLRS 2016.
///
/// @param layers at least one; named as in a [Sequential]
public record Concatenate(List<LayerSpec> layers) implements LayerSpec {
    static final LayerType<Concatenate> TYPE =
            LayerType.of(
                    "concatenate",
                    Concatenate.class,
                    fields -> new Concatenate(fields.layers("layers")),
                    (side, out) -> out.put("layers", side.layers()));

    /// Copies the list; rejects an empty one.
    public Concatenate {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("concatenate: there must be at least one layer");
        }
        layers = List.copyOf(layers);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        var parts = new ArrayList<Scope.Part>();
        var numbers = new HashMap<String, Integer>();
        for (LayerSpec layer : layers) {
            parts.add(scope.build(Named.name(layer, numbers), Named.inner(layer), input));
        }
        return new Built(List.copyOf(parts));
    }

    private record Built(List<Scope.Part> parts) implements Layer {
        @Override
        public Layer frozen() {
            return new Built(parts.stream().map(Scope.Part::frozen).toList());
        }

        @Override
        public Tensor forward(Tensor x) {
            return join(parts.stream().map(part -> part.forward(x)).toList());
        }

        @Override
        public Sequences forward(Sequences x) {
            List<Sequences> outputs = parts.stream().map(part -> part.forward(x)).toList();
            return outputs.getFirst().with(join(outputs.stream().map(Sequences::values).toList()));
        }

        private static Tensor join(List<Tensor> outputs) {
            return Tensor.concatenate(-1, outputs.toArray(Tensor[]::new));
        }

        @Override
        public DType inputType() {
            return parts.getFirst().layer().inputType();
        }
    }

    @Override
    public String toString() {
        return layers.stream().map(LayerSpec::toString).collect(Collectors.joining(", ", "concatenate(", ")"));
    }
}
