package lamella.tck;

import lamella.array.Shape;
import lamella.nn.Layers;

import java.util.List;

/// A layer with parameters passes.
final class DenseTckTest extends LayerTck {
    @Override
    protected Facts facts() {
        return new Facts(
                Layers.dense(5),
                "dense(5)",
                Shape.of(4),
                Shape.of(5),
                List.of(
                        State.parameter("weight", Shape.of(5, 4), -0.5, 0.5),
                        State.parameter("bias", Shape.of(5), -0.5, 0.5)));
    }
}
