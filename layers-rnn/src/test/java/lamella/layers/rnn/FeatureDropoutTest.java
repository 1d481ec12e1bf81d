package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.dropFeatures;
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

class FeatureDropoutTest extends SequenceTck {
    private static final Tensor ONES = Tensor.full(REFERENCE, Shape.of(50, 3, 40), 1);

    @Override
    protected Facts facts() {
        return new Facts(dropFeatures(0.25), "dropFeatures(0.25)", Shape.of(5, 4), Shape.of(5, 4), List.of());
    }

    private static float[] train(long seed) {
        Model model = model(dropFeatures(0.25), 3, 40);
        return Mode.train(RandomSource.of(seed), () -> model.forward(ONES)).toFloats();
    }

    @Test
    void dropsFeaturesAtAllStepsAndScalesTheOthers() {
        float[] y = train(7);
        int dropped = 0;
        for (int example = 0; example < 50; example++) {
            for (int feature = 0; feature < 40; feature++) {
                float expected = y[120 * example + feature] == 0 ? 0 : 1 / 0.75f;
                for (int step = 0; step < 3; step++) {
                    assertEquals(expected, y[120 * example + 40 * step + feature]);
                }
                dropped += expected == 0 ? 1 : 0;
            }
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
        assertSame(ONES, model(dropFeatures(0.25), 3, 40).forward(ONES));
    }

    @Test
    void keepsTheLengths() {
        Sequences x = Sequences.of(Tensor.full(REFERENCE, Shape.of(1, 2, 1), 1), 1);

        assertArrayEquals(new int[] {1}, model(dropFeatures(0.25), 2, 1).forward(x).lengths().orElseThrow());
    }

    @Test
    void rejectsNonsense() {
        rejects("featureDropout: rate must be in [0, 1), got 1.0", () -> dropFeatures(1));
        rejects("featureDropout: rate must be in [0, 1), got NaN", () -> dropFeatures(Double.NaN));
        rejectsFields("featureDropout: field 'rate' is missing", Map.of("layer", "featureDropout"));
        rejects(
                """
                featureDropout: one example must have rank 2 (T, features), got 1
                  input    [40]               (one example)
                  at net = dropFeatures(0.5)\
                """,
                () -> model(dropFeatures(0.5), 40));
    }
}
