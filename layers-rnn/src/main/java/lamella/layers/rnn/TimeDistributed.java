package lamella.layers.rnn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

/// A layer at each step of a sequence by itself, with the same weights: a step is an example to it.
///
/// In the padding the layer sees 0, or the id −1; a layer that looks at the whole batch in training, such as batch
/// normalisation, counts it. Dense layers, activations and dropout need no such help: they take sequences as they are.
///
/// ## Shapes
/// - input `[N, T, ...]`, of which the layer sees `[N·T, ...]`
/// - output `[N, T, ...]`
///
/// Parameters are named as by the layer.
///
/// ## Errors
/// [ShapeException] if an example has no axis, or the layer cannot take a step.
///
/// @param layer what runs at each step
public record TimeDistributed(LayerSpec layer) implements LayerSpec {
    static final LayerType<TimeDistributed> TYPE =
            LayerType.of(
                    "timeDistributed",
                    TimeDistributed.class,
                    fields -> new TimeDistributed(fields.layer("of")),
                    (distributed, out) -> out.put("of", distributed.layer()));

    @Override
    public Layer build(Scope scope, Shape input) {
        if (input.rank() < 1) {
            throw ShapeException.of("timeDistributed", "one example must have at least one axis, its steps")
                    .operand("input", input, "one example", "");
        }
        return new Built(layer.build(scope, input.from(1)));
    }

    private record Built(Layer layer) implements SequenceLayer {
        @Override
        public Layer frozen() {
            return new Built(layer.frozen());
        }

        @Override
        public Sequences forward(Sequences x) {
            Shape shape = x.values().shape();
            Shape steps = shape.from(2).prepend(shape.dim(0) * shape.dim(1));
            Tensor y = layer.forward(x.masked().reshape(steps));
            return x.with(y.reshape(y.shape().from(1).prepend(shape.dim(1)).prepend(shape.dim(0))));
        }

        @Override
        public DType inputType() {
            return layer.inputType();
        }
    }

    @Override
    public String toString() {
        return "timeDistributed(" + layer + ")";
    }
}
