package lamella.tck.nn;

import static lamella.nn.Layers.layerNorm;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class LayerNormTest extends SequenceTck {
    @Override
    protected Facts facts() {
        return new Facts(
                layerNorm(),
                "layerNorm()",
                Shape.of(3, 4),
                Shape.of(3, 4),
                List.of(State.parameter("scale", Shape.of(4), 1, 1), State.parameter("shift", Shape.of(4), 0, 0)));
    }

    @Test
    void normalisesTheFeaturesOfEachStep() {
        Model model = model(layerNorm().epsilon(0.25), 2, 2);
        model.parameters().get(0).assign(tensor(Shape.of(2), 1, 3));
        model.parameters().get(1).assign(tensor(Shape.of(2), 0, 10));

        Tensor y = model.forward(tensor(Shape.of(1, 2, 2), 1, 4, 7, 7));

        // 1 and 4 lie 1.5 from their mean, and their variance is 2.25; 7 and 7 have none
        float one = (float) (1.5 / Math.sqrt(2.5));
        assertArrayEquals(new float[] {-one, 3 * one + 10, 0, 10}, y.toFloats(), 1e-6f);
    }

    @Test
    void epsilonIsOneHundredThousandthUnlessSaidOtherwise() {
        assertEquals(1e-5f, layerNorm().epsilon());
        assertEquals(layerNorm(), LayerCatalog.installed().read(Map.of("layer", "layerNorm")));
        assertEquals("layerNorm().epsilon(0.001)", layerNorm().epsilon(0.001).toString());
        assertEquals(
                layerNorm().epsilon(0.001),
                LayerCatalog.installed().read(Map.of("layer", "layerNorm", "epsilon", 0.001)));
    }

    @Test
    void paddingChangesNoOtherStep() {
        Model model = model(layerNorm(), 3, 2);
        Tensor garbage = tensor(Shape.of(2, 3, 2), 1, 2, 3, 5, 8, 13, 4, 1, Float.NaN, 7, -1, Float.NaN);
        Tensor zeros = tensor(Shape.of(2, 3, 2), 1, 2, 3, 5, 8, 13, 4, 1, 0, 0, 0, 0);

        float[] y = model.forward(Sequences.of(garbage, 3, 1)).values().toFloats();

        float[] expected = model.forward(zeros).toFloats();
        assertArrayEquals(Arrays.copyOf(expected, 8), Arrays.copyOf(y, 8));
    }

    @Test
    void rejectsNonsense() {
        rejects("layerNorm: epsilon must be above 0.0, got 0.0", () -> layerNorm().epsilon(0));
        rejects("layerNorm: epsilon must be above 0.0, got NaN", () -> layerNorm().epsilon(Double.NaN));
        rejects(
                """
                layerNorm: input must have at least one axis besides the batch
                  input    []                 (one example)
                  at net = layerNorm()\
                """,
                () -> model(layerNorm()));
    }
}
