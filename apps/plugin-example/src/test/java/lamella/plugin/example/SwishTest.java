package lamella.plugin.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.tck.LayerTck;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class SwishTest extends LayerTck {
    @Override
    protected Facts facts() {
        return new Facts(
                new Swish(1.5f),
                "swish(1.5)",
                Shape.of(2, 3),
                Shape.of(2, 3),
                List.of(State.parameter("beta", Shape.of(1), 1.5, 1.5)));
    }

    @Test
    void multipliesByTheSigmoid() {
        var backend = ReferenceBackend.create();
        Model model = Model.build(new Swish(2), Shape.of(3), backend, 1);
        Tensor x = Tensor.of(backend, Shape.of(1, 3), -1, 0, 3);
        float[] expected = {-0.11920292f, 0, 2.9925822f}; // x / (1 + exp(−2x))
        assertArrayEquals(expected, model.forward(x).toFloats(), 1e-6f);
    }

    @Test
    void isKnownByName() {
        LayerCatalog layers = LayerCatalog.installed();
        assertEquals(new Swish(1), layers.read(Map.of("layer", "swish")));
        assertEquals(new Swish(0.5f), layers.read(Map.of("layer", "swish", "beta", 0.5)));
        var wrong =
                assertThrows(
                        IllegalArgumentException.class, () -> layers.read(Map.of("layer", "swish", "beta", "big")));
        assertEquals("swish: beta must be a number, got 'big'", wrong.getMessage());
    }
}
