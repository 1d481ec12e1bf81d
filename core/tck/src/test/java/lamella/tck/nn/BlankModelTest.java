package lamella.tck.nn;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.layerNorm;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Initializer;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.tensor.Parameter;

import org.junit.jupiter.api.Test;

import java.util.List;

class BlankModelTest {
    private static final LayerSpec NET = sequential(dense(4), layerNorm(), dense(2));

    private static List<String> state(Model model) {
        return model.state().stream().map(Parameter::toString).toList();
    }

    @Test
    void hasTheParametersOfAnyOtherAllZero() {
        Model blank = Model.blank(NET, Shape.of(3), Nets.REFERENCE);
        assertEquals(state(Model.build(NET, Shape.of(3), Nets.REFERENCE, 1)), state(blank));
        assertEquals(Shape.of(2), blank.output());
        for (Parameter parameter : blank.state()) {
            assertArrayEquals(new float[parameter.shape().size()], parameter.value().toFloats(), parameter::path);
        }
    }

    @Test
    void isCheckedOnShapesAlike() {
        LayerSpec misfit =
                (_, input) ->
                        _ -> {
                            throw ShapeException.of("misfit", "takes nothing, got " + input);
                        };
        var e =
                assertThrows(
                        ShapeException.class,
                        () -> Model.blank(sequential(dense(4), misfit), Shape.of(3), Nets.REFERENCE));
        assertEquals("misfit: takes nothing, got [4]", e.relation());
    }

    /// Buffers are 0 as well, but what is no state is not in a file, and stays as it is.
    @Test
    void keepsConstants() {
        Scope scope = Scope.blank("net", Nets.REFERENCE);
        float[] elements = {1, 2};
        assertArrayEquals(elements, scope.constant("scale", Shape.of(2), () -> elements).toFloats());
        assertArrayEquals(
                new float[2], scope.child("a").buffer("mean", Shape.of(2), Initializer.ones()).value().toFloats());
    }
}
