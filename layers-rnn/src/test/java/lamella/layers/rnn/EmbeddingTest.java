package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.get;
import static lamella.layers.rnn.Run.ids;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class EmbeddingTest extends SequenceTck {
    @Override
    protected Facts facts() {
        return new Facts(
                embedding(10, 4),
                "embedding(10, 4)",
                Shape.of(3),
                Shape.of(3, 4),
                List.of(State.parameter("weight", Shape.of(10, 4), -0.05, 0.05)));
    }

    /// Ids 0 to 9 again and again.
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

    private static Model counting(Embedding spec, int steps) {
        Model model = model(spec, steps);
        set(model, "weight", 1, 2, 3, 4, 5, 6);
        return model;
    }

    @Test
    void looksUpVectors() {
        Model model = counting(embedding(3, 2), 4);

        Tensor y = model.forward(ids(Shape.of(1, 4), 2, 0, -1, 2));

        assertArrayEquals(new float[] {5, 6, 1, 2, 0, 0, 5, 6}, y.toFloats());
        assertEquals(DType.INT32, embedding(3, 2).build(Run.scope(), Shape.of(4)).inputType());
    }

    @Test
    void paddingIsNoWordWhateverIdsStandInIt() {
        Model model = counting(embedding(3, 2), 3);
        Sequences x = Sequences.of(ids(Shape.of(2, 3), 0, 1, 2, 1, 5000, -7), 3, 1);

        Sequences y = model.forward(x);

        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 3, 4, 0, 0, 0, 0}, y.values().toFloats());
        assertArrayEquals(new int[] {3, 1}, y.lengths().orElseThrow());
        assertArrayEquals(new float[] {1, 1, 2, 2, 1, 1}, gradient(model, x));
    }

    /// The gradient of the sum of all outputs: how often each word occurs.
    private static float[] gradient(Model model, Sequences x) {
        Gradients gradients = Autograd.differentiate(model.parameters(), () -> model.forward(x).values().sum());
        return gradients.of(model.parameters().getFirst()).toFloats();
    }

    @Test
    void aPaddingIdHasNoVectorAndNoGradient() {
        Model model = model(embedding(3, 2).padding(1), 4);
        float[] table = get(model.state(), "net.weight").value().toFloats();
        assertEquals(0, table[2]);
        assertEquals(0, table[3]);
        set(model, "weight", 1, 2, Float.NaN, 4, 5, 6);
        Sequences x = Sequences.of(ids(Shape.of(1, 4), 1, 0, -1, 2));

        assertArrayEquals(new float[] {0, 0, 1, 2, 0, 0, 5, 6}, model.forward(x).values().toFloats());
        assertArrayEquals(new float[] {1, 1, 0, 0, 1, 1}, gradient(model, x));
        assertEquals(List.of("net.weight [3, 2]"), model.state().stream().map(Object::toString).toList());
    }

    @Test
    void theFirstAndTheLastIdMayBePadding() {
        for (int id : new int[] {0, 2}) {
            float[] table = get(model(embedding(3, 1).padding(id), 4).state(), "net.weight").value().toFloats();
            for (int row = 0; row < 3; row++) {
                assertEquals(row == id, table[row] == 0, "row " + row + ", padding " + id);
            }
        }
    }

    @Test
    void frozenVectorsAreStateButNoParameter() {
        Model model = model(embedding(3, 2).frozen(), 4);

        assertEquals(0, model.parameters().size());
        assertEquals("[net.weight [3, 2]]", model.state().toString());
        assertArrayEquals(
                get(model(embedding(3, 2), 4).state(), "net.weight").value().toFloats(),
                model.state().getFirst().value().toFloats());
    }

    @Test
    void printsAsCode() {
        assertEquals("embedding(3, 2).padding(0).frozen()", embedding(3, 2).frozen().padding(0).toString());
    }

    @Test
    void saysWhichIdIsNoWord() {
        Model model = model(embedding(3, 2), 2);
        for (int id : new int[] {3, -2}) {
            var e =
                    assertThrows(
                            IndexOutOfBoundsException.class, () -> model.forward(ids(Shape.of(2, 2), 0, -1, 2, id)));
            assertEquals(
                    """
                    embedding: an id is neither in the vocabulary of 3 words nor -1 (no word)
                      gather: index %d at position 3 is outside [0, 3)
                      at net.weight\
                    """
                            .formatted(id),
                    e.getMessage());
        }
    }

    @Test
    void rejectsNonsense() {
        rejects("embedding: vocabulary must be at least 1, got 0", () -> embedding(0, 4));
        rejects("embedding: dimensions must be at least 1, got 0", () -> embedding(4, 0));
        rejects("embedding: padding must be in [0, 4), got 4", () -> embedding(4, 2).padding(4));
        rejects("embedding: padding must be in [0, 4), got -1", () -> embedding(4, 2).padding(-1));
        rejectsFields("embedding: field 'dimensions' is missing", Map.of("layer", "embedding", "vocabulary", 3));
        rejects(
                """
                embedding: one example must have rank 1 (T), got 2
                  input    [5, 3]             (one example)
                  at net = embedding(4, 2)\
                """,
                () -> model(embedding(4, 2), 5, 3));
        rejects(
                "gather: operand 1 [1, 5] must not be float32",
                () -> model(embedding(4, 2), 5).forward(Tensor.zeros(REFERENCE, Shape.of(1, 5))));
    }
}
