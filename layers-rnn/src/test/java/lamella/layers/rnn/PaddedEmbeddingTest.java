package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.embedding;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tck.SequenceTck;
import lamella.tensor.Tensor;

import java.util.List;

class PaddedEmbeddingTest extends SequenceTck {
    @Override
    protected Facts facts() {
        return new Facts(
                embedding(10, 4).padding(3),
                "embedding(10, 4).padding(3)",
                Shape.of(3),
                Shape.of(3, 4),
                List.of(State.parameter("weight", Shape.of(10, 4), -0.05, 0.05)));
    }

    @Override
    protected Tensor batch(Backend backend, Shape shape) {
        if (shape.rank() != 2) {
            return super.batch(backend, shape);
        }
        int[] ids = new int[shape.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (7 * i + 1) % 10;
        }
        return Tensor.ofInts(backend, shape, ids);
    }
}
