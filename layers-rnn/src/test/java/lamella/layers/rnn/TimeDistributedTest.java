package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.RnnLayers.meanOverTime;
import static lamella.layers.rnn.RnnLayers.timeDistributed;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.ids;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.random;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.nn.Layers;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class TimeDistributedTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double bound = 1 / Math.sqrt(6);
        return new Facts(
                timeDistributed(Layers.sequential(Layers.flatten(), Layers.dense(2))),
                "timeDistributed(sequential(flatten(), dense(2)))",
                Shape.of(4, 2, 3),
                Shape.of(4, 2),
                List.of(
                        State.parameter("dense1.weight", Shape.of(2, 6), -bound, bound),
                        State.parameter("dense1.bias", Shape.of(2), -bound, bound)));
    }

    @Test
    void eachStepIsAnExample() {
        Model model = model(timeDistributed(Layers.dense(3)), 4, 2);
        Model single = model(Layers.dense(3), 2);
        Run.copy(model.parameters(), single.parameters());
        Tensor x = random(1, 2, 4, 2);

        Tensor y = model.forward(x);

        assertEquals(Shape.of(2, 4, 3), y.shape());
        assertArrayEquals(single.forward(x.reshape(Shape.of(8, 2))).toFloats(), y.toFloats());
    }

    @Test
    void aStepMayBeASequenceItself() {
        // the mean vector of each sentence of a text
        Model model = model(timeDistributed(Layers.sequential(embedding(3, 1), meanOverTime())), 2, 2);
        set(model, "embedding1.weight", 1, 2, 4);
        assertEquals(DType.INT32, timeDistributed(embedding(3, 1)).build(Run.scope(), Shape.of(2, 2)).inputType());

        Sequences y = model.forward(Sequences.of(ids(Shape.of(2, 2, 2), 0, 1, 2, 2, 1, 1, 99, -9), 2, 1));

        assertArrayEquals(new float[] {1.5f, 4, 2, 0}, y.values().toFloats());
        assertArrayEquals(new int[] {2, 1}, y.lengths().orElseThrow());
    }

    @Test
    void theLayerSees0InThePadding() {
        Model model = model(timeDistributed(Layers.relu()), 2, 1);
        Tensor x = Run.tensor(Shape.of(1, 2, 1), 3, Float.NaN);

        assertArrayEquals(new float[] {3, 0}, model.forward(Sequences.of(x, 1)).values().toFloats());
    }

    @Test
    void takesNoStepsAndNoExamples() {
        var layer = timeDistributed(Layers.dense(3)).build(Run.scope(), Shape.of(4, 2));

        assertEquals(Shape.of(2, 0, 3), layer.forward(Tensor.zeros(REFERENCE, Shape.of(2, 0, 2))).shape());
        assertEquals(Shape.of(0, 4, 3), layer.forward(Tensor.zeros(REFERENCE, Shape.of(0, 4, 2))).shape());
    }

    @Test
    void rejectsNonsense() {
        rejectsFields("timeDistributed: field 'of' is missing", Map.of("layer", "timeDistributed"));
        rejects(
                """
                timeDistributed: one example must have at least one axis, its steps
                  input    []                 (one example)
                  at net = timeDistributed(dense(3))\
                """,
                () -> model(timeDistributed(Layers.dense(3))));
        rejects(
                """
                dense: input must have at least one axis besides the batch
                  input    []                 (one example)
                  at net = timeDistributed(dense(3))\
                """,
                () -> model(timeDistributed(Layers.dense(3)), 5));
    }
}
