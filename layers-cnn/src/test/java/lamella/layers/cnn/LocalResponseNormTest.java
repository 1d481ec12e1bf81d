package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.localResponseNorm;
import static lamella.layers.cnn.Run.counting;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.rejects;
import static lamella.layers.cnn.Run.rejectsFields;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.tck.LayerTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class LocalResponseNormTest extends LayerTck {
    @Override
    protected Facts facts() {
        return new Facts(
                localResponseNorm().size(3).alpha(0.5).beta(0.6).bias(2),
                "localResponseNorm().size(3).alpha(0.5).beta(0.6).bias(2.0)",
                Shape.of(4, 2, 3),
                Shape.of(4, 2, 3),
                List.of());
    }

    @Test
    void hasTheUsualConstants() {
        assertEquals(new LocalResponseNorm(5, 1e-4f, 0.75f, 1), localResponseNorm());
        assertEquals(localResponseNorm(), Run.read(Map.of("layer", "localResponseNorm")));
        assertEquals("localResponseNorm()", localResponseNorm().toString());
    }

    @Test
    void dividesByTheNeighboursThatExist() {
        LocalResponseNorm layer = localResponseNorm().size(3).alpha(3).beta(1).bias(1);

        Tensor y = model(layer, 4, 1, 1).forward(counting(1, 4, 1, 1));

        assertArrayEquals(
                new float[] {1f / (1 + 1 + 4), 2f / (1 + 1 + 4 + 9), 3f / (1 + 4 + 9 + 16), 4f / (1 + 9 + 16)},
                y.toFloats(),
                1e-7f);
    }

    @Test
    void rejectsNonsense() {
        rejects("localResponseNorm: size must be odd, got 4", () -> localResponseNorm().size(4));
        rejects("localResponseNorm: size must be at least 1, got -1", () -> localResponseNorm().size(-1));
        rejects("localResponseNorm: bias must be above 0.0, got 0.0", () -> localResponseNorm().bias(0));
        rejectsFields(
                "localResponseNorm: size must be a whole number, got 'five'",
                Map.of("layer", "localResponseNorm", "size", "five"));
        rejects(
                """
                localResponseNorm: one example must have rank 3 (C, H, W), got 2
                  input    [4, 4]             (one example)
                  at net = localResponseNorm()\
                """,
                () -> model(localResponseNorm(), 4, 4));
    }
}
