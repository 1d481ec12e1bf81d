package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.tensor.Tensor;

/// Adds to each step waves that say where it is, since attention by itself does not know.
///
/// `y[t, 2i] = x[t, 2i] + sin(t / 10000^(2i / features))`, and with the cosine at 2i + 1.
///
/// ## Shapes
/// - input and output `[N, T, features]`, for any T
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`.
///
/// ## Source
/// Vaswani et al., "Attention is all you need", NIPS 2017, section 3.5. There embeddings are
/// multiplied by √features before.
public record Positions() implements LayerSpec {
    static final LayerType<Positions> TYPE =
            LayerType.of("positions", Positions.class, _ -> new Positions(), (_, _) -> {});

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("positions", "T, features", input);
        Tensor table = scope.constant("waves", input, () -> waves(input));
        return x -> x.add(waves(table, x));
    }

    /// The waves of as many steps as x has: of the built table, or made anew where x is longer.
    private static Tensor waves(Tensor table, Tensor x) {
        int steps = x.shape().dim(1);
        int built = table.shape().dim(0);
        if (steps > built) {
            Shape longer = table.shape().with(0, steps);
            return Tensor.of(x.backend(), longer, waves(longer));
        }
        return steps == built ? table : table.slice(0, 0, steps);
    }

    private static float[] waves(Shape shape) {
        int features = shape.dim(1);
        float[] waves = new float[shape.size()];
        for (int i = 0; i < features; i++) {
            double slowness = StrictMath.pow(10000, (i - i % 2) / (double) features);
            for (int t = 0; t < shape.dim(0); t++) {
                double angle = t / slowness;
                waves[t * features + i] = (float) (i % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle));
            }
        }
        return waves;
    }

    @Override
    public String toString() {
        return "positions()";
    }
}
