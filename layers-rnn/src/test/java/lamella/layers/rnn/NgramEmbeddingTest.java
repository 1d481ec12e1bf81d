package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.ngramEmbedding;
import static lamella.layers.rnn.Run.ids;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Model;
import lamella.tck.SequenceTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class NgramEmbeddingTest extends SequenceTck {
    @Override
    protected Facts facts() {
        return new Facts(
                ngramEmbedding(10, 4, 3, 50),
                "ngramEmbedding(10, 4, 3, 50)",
                Shape.of(4),
                Shape.of(4, 4),
                List.of(
                        State.parameter("word", Shape.of(10, 4), -0.05, 0.05),
                        State.parameter("ngram", Shape.of(50, 4), 0, 0)));
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

    @Test
    void addsTheVectorsOfTheNgramsThatEndWithAWord() {
        Model model = model(ngramEmbedding(4, 1, 3, 100), 3);
        set(model, "word", 1, 2, 3, 4);
        float[] buckets = new float[100];
        int[] text = {2, 0, 3};
        int pair = NgramEmbedding.rows(text, 3, 2, 100)[1];
        int laterPair = NgramEmbedding.rows(text, 3, 2, 100)[2];
        int triple = NgramEmbedding.rows(text, 3, 3, 100)[2];
        assertEquals(3, Arrays.stream(new int[] {pair, laterPair, triple}).distinct().count());
        buckets[pair] = 10;
        buckets[laterPair] = 20;
        buckets[triple] = 100;
        set(model, "ngram", buckets);

        assertArrayEquals(new float[] {3, 11, 124}, model.forward(ids(Shape.of(1, 3), text)).toFloats());
    }

    @Test
    void knowsNgramsByTheirWordsAndTheirOrder() {
        int[] rows = NgramEmbedding.rows(new int[] {5, 6, 5, 6, 5, 6}, 3, 2, 1_000_000);

        assertEquals(-1, rows[0]);
        assertEquals(-1, rows[3], "an n-gram does not reach into the text before");
        assertEquals(rows[1], rows[5], "5 6");
        assertEquals(rows[2], rows[4], "6 5");
        assertNotEquals(rows[1], rows[2]);
    }

    @Test
    void leavesOutNgramsWithNoWord() {
        assertArrayEquals(new int[] {-1, -1, -1}, NgramEmbedding.rows(new int[] {4, -1, 5}, 3, 2, 10));
    }

    @Test
    void spreadsNgramsEvenly() {
        int[] ids = new int[100_000];
        Arrays.setAll(ids, i -> i % 2 == 0 ? i / 2 % 223 : i / 446);
        int[] counts = new int[100];
        for (int row : NgramEmbedding.rows(ids, ids.length, 2, 100)) {
            if (row >= 0) {
                counts[row]++;
            }
        }
        // about 1,000 each; a binomial's deviation is 31
        assertTrue(Arrays.stream(counts).allMatch(c -> c > 800 && c < 1200), () -> Arrays.toString(counts));
    }

    @Test
    void rejectsSizesOutOfRange() {
        rejects("ngramEmbedding: vocabulary must be at least 1, got 0", () -> ngramEmbedding(0, 4, 2, 10));
        rejects("ngramEmbedding: dimensions must be at least 1, got 0", () -> ngramEmbedding(10, 0, 2, 10));
        rejects("ngramEmbedding: longest must be at least 2, got 1", () -> ngramEmbedding(10, 4, 1, 10));
        rejects("ngramEmbedding: buckets must be at least 1, got 0", () -> ngramEmbedding(10, 4, 2, 0));
    }
}
