package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.dropSteps;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import lamella.array.Shape;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class StepDropoutTest extends SequenceTck {
    private static final Tensor ONES = Tensor.full(REFERENCE, Shape.of(50, 40, 3), 1);

    @Override
    protected Facts facts() {
        return new Facts(dropSteps(0.25), "dropSteps(0.25)", Shape.of(5, 4), Shape.of(5, 4), List.of());
    }

    private static float[] train(long seed) {
        Model model = model(dropSteps(0.25), 40, 3);
        return Mode.train(RandomSource.of(seed), () -> model.forward(ONES)).toFloats();
    }

    @Test
    void dropsWholeStepsAndScalesTheOthers() {
        float[] y = train(7);
        int dropped = 0;
        for (int step = 0; step < 50 * 40; step++) {
            float expected = y[3 * step] == 0 ? 0 : 1 / 0.75f;
            for (int feature = 0; feature < 3; feature++) {
                assertEquals(expected, y[3 * step + feature]);
            }
            dropped += expected == 0 ? 1 : 0;
        }

        // 500 of 2000 are expected; the deviation is √(2000 · 0.25 · 0.75) = 19
        assertEquals(500, dropped, 4 * 19);
    }

    @Test
    void dependsOnTheStepsRandomNumbersAlone() {
        assertArrayEquals(train(7), train(7));
        assertFalse(Arrays.equals(train(7), train(8)));
    }

    @Test
    void doesNothingOutsideTraining() {
        assertSame(ONES, model(dropSteps(0.25), 40, 3).forward(ONES));
    }

    @Test
    void keepsTheLengths() {
        Sequences x = Sequences.of(Tensor.full(REFERENCE, Shape.of(1, 2, 1), 1), 1);

        assertArrayEquals(new int[] {1}, model(dropSteps(0.25), 2, 1).forward(x).lengths().orElseThrow());
    }

    @Test
    void rejectsNonsense() {
        rejects("stepDropout: rate must be in [0, 1), got 1.0", () -> dropSteps(1));
        rejects("stepDropout: rate must be in [0, 1), got -0.1", () -> dropSteps(-0.1));
        rejectsFields("stepDropout: field 'rate' is missing", Map.of("layer", "stepDropout"));
        rejects(
                """
                stepDropout: one example must have rank 2 (T, features), got 1
                  input    [40]               (one example)
                  at net = dropSteps(0.5)\
                """,
                () -> model(dropSteps(0.5), 40));
    }
}
