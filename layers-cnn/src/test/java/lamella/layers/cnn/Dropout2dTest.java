package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.dropout2d;
import static lamella.layers.cnn.Run.REFERENCE;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.rejects;
import static lamella.layers.cnn.Run.rejectsFields;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import lamella.array.Shape;
import lamella.nn.Mode;
import lamella.tck.LayerTck;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class Dropout2dTest extends LayerTck {
    private static final Tensor ONES = Tensor.full(REFERENCE, Shape.of(50, 40, 2, 3), 1);

    @Override
    protected Facts facts() {
        return new Facts(dropout2d(0.25f), "dropout2d(0.25)", Shape.of(5, 2, 3), Shape.of(5, 2, 3), List.of());
    }

    private static float[] train(long seed) {
        var model = model(dropout2d(0.25f), 40, 2, 3);
        return Mode.train(RandomSource.of(seed), () -> model.forward(ONES)).toFloats();
    }

    @Test
    void dropsWholeChannelsAndScalesTheOthers() {
        float[] y = train(7);
        int dropped = 0;
        for (int channel = 0; channel < 50 * 40; channel++) {
            float[] cells = Arrays.copyOfRange(y, 6 * channel, 6 * channel + 6);
            float expected = cells[0] == 0 ? 0 : 1 / 0.75f;
            for (float cell : cells) {
                assertEquals(expected, cell);
            }
            dropped += cells[0] == 0 ? 1 : 0;
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
        assertSame(ONES, model(dropout2d(0.25f), 40, 2, 3).forward(ONES));
    }

    @Test
    void rejectsNonsense() {
        rejects("dropout2d: rate must be in [0, 1), got 1.0", () -> dropout2d(1));
        rejects("dropout2d: rate must be in [0, 1), got -0.1", () -> dropout2d(-0.1f));
        rejects("dropout2d: rate must be in [0, 1), got NaN", () -> dropout2d(Float.NaN));
        rejectsFields("dropout2d: field 'rate' is missing", Map.of("layer", "dropout2d"));
        rejects(
                """
                dropout2d: one example must have rank 3 (C, H, W), got 1
                  input    [40]               (one example)
                  at net = dropout2d(0.5)\
                """,
                () -> model(dropout2d(0.5f), 40));
    }
}
