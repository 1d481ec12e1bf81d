package lamella.tck;

import lamella.array.Shape;
import lamella.nn.Layers;

import java.util.List;

/// A layer that does not know what padding is passes, by what [lamella.nn.Layer] does for it.
final class DenseSequenceTckTest extends SequenceTck {
    @Override
    protected Facts facts() {
        return new Facts(
                Layers.dense(5),
                "dense(5)",
                Shape.of(6, 4),
                Shape.of(6, 5),
                List.of(
                        State.parameter("weight", Shape.of(5, 4), -0.5, 0.5),
                        State.parameter("bias", Shape.of(5), -0.5, 0.5)));
    }
}
