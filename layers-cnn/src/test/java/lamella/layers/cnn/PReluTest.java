package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.pRelu;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.rejects;
import static lamella.layers.cnn.Run.set;
import static lamella.layers.cnn.Run.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Model;
import lamella.tck.LayerTck;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class PReluTest extends LayerTck {
    @Override
    protected Facts facts() {
        return new Facts(
                pRelu(),
                "pRelu()",
                Shape.of(3, 2, 4),
                Shape.of(3, 2, 4),
                List.of(State.parameter("slope", Shape.of(3), 0.25, 0.25)));
    }

    @Test
    void eachChannelHasItsSlope() {
        Model model = model(pRelu(), 2, 2);
        set(model, "slope", 0.5f, 3);

        float[] y = model.forward(tensor(Shape.of(1, 2, 2), -2, 2, -1, 1)).toFloats();

        assertArrayEquals(new float[] {-1, 2, -3, 1}, y);
    }

    @Test
    void infinitiesStay() {
        float infinity = Float.POSITIVE_INFINITY;

        float[] y = model(pRelu(), 3).forward(tensor(Shape.of(1, 3), infinity, -infinity, 0)).toFloats();

        assertArrayEquals(new float[] {infinity, -infinity, 0}, y);
    }

    @Test
    void theFirstSlopeMayBeChosen() {
        assertEquals("pRelu(0.1)", pRelu(0.1f).toString());
        assertEquals(pRelu(0.1f), Run.read(Map.of("layer", "pRelu", "initial", 0.1)));
        assertEquals(pRelu(0.25f), Run.read(Map.of("layer", "pRelu")));
        assertArrayEquals(new float[] {0.1f, 0.1f}, model(pRelu(0.1f), 2).parameters().getFirst().value().toFloats());
    }

    @Test
    void rejectsExamplesWithoutChannels() {
        rejects(
                """
                pRelu: one example must have at least one axis, its channels
                  input    []                 (one example)
                  at net = pRelu()\
                """,
                () -> model(pRelu()));
    }

    @Test
    void atZeroTheGradientIsTheSlope() {
        Model model = model(pRelu(), 4);
        set(model, "slope", 0.5f, 0.5f, 0.5f, 0.5f);
        Tensor x = tensor(Shape.of(1, 4), 0, -0f, 1, -1);

        Tensor gradient = Autograd.gradients(List.of(x), () -> model.forward(x).sum()).getFirst();

        assertArrayEquals(new float[] {0.5f, 0.5f, 1, 0.5f}, gradient.toFloats());
    }

    @Test
    void infinitiesMeetOnlyTheSlopesThatApply() {
        float infinity = Float.POSITIVE_INFINITY;
        Model model = model(pRelu(), 3);
        set(model, "slope", 0, infinity, 0);
        Tensor slope = model.parameters().getFirst().value();
        Tensor x = tensor(Shape.of(1, 3), infinity, 5, -infinity);

        List<Tensor> gradients = Autograd.gradients(List.of(x, slope), () -> model.forward(x).sum());

        // what PyTorch gives; -infinity times 0 is NaN there too
        assertArrayEquals(new float[] {infinity, 5, Float.NaN}, model.forward(x).toFloats());
        assertArrayEquals(new float[] {1, 1, 0}, gradients.get(0).toFloats());
        assertArrayEquals(new float[] {0, 0, -infinity}, gradients.get(1).toFloats());
    }

    @Test
    void recipesTakeWhatTheyPrint() {
        assertEquals("pRelu(0.1)", pRelu(0.1).toString());
        assertEquals("dropout2d(0.3)", CnnLayers.dropout2d(0.3).toString());
        assertEquals(
                "batchNorm().epsilon(0.001).momentum(0.3)",
                CnnLayers.batchNorm().epsilon(0.001).momentum(0.3).toString());
        assertEquals(new PRelu(0.1f), pRelu(0.1));
    }
}
