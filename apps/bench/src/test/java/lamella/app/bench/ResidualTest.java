package lamella.app.bench;

import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.relu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class ResidualTest {
    @Test
    void addsTheInputToTheOutput() {
        try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults())) {
            Model model = Model.build(new Residual(relu(), Optional.empty()), Shape.of(3), backend, 1);
            Tensor x = Tensor.of(backend, Shape.of(1, 3), -1, 0, 2);
            assertArrayEquals(new float[] {-1, 0, 4}, model.forward(x).toFloats());
        }
    }

    @Test
    void addsWhatTheShortcutMakesOfTheInput() {
        try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults())) {
            LayerSpec net = new Residual(dense(2).withoutBias(), Optional.of(dense(2).withoutBias()));
            Model model = Model.build(net, Shape.of(1), backend, 1);
            List<String> paths = model.parameters().stream().map(p -> p.path()).toList();
            assertEquals(List.of("net.body.weight", "net.shortcut.weight"), paths);
            float[] body = model.parameters().get(0).value().toFloats();
            float[] shortcut = model.parameters().get(1).value().toFloats();
            Tensor x = Tensor.of(backend, Shape.of(1, 1), 2);
            float[] expected = {2 * body[0] + 2 * shortcut[0], 2 * body[1] + 2 * shortcut[1]};
            assertArrayEquals(expected, model.forward(x).toFloats(), 1e-6f);
        }
    }

    @Test
    void rejectsABodyThatChangesTheShapeWithoutAShortcut() {
        try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults())) {
            LayerSpec net = new Residual(conv2d(4, 3), Optional.empty());
            var e = assertThrows(ShapeException.class, () -> Model.build(net, Shape.of(2, 5, 5), backend, 1));
            assertEquals(
                    """
                    add: [1, 4, 3, 3] and [1, 2, 5, 5] do not broadcast
                      left     [1, 4, 3, 3]
                      right    [1, 2, 5, 5]
                      at net = residual(conv2d(4, 3))\
                    """,
                    e.getMessage());
        }
    }

    @Test
    void printsBothWays() {
        assertEquals("residual(relu())", new Residual(relu(), Optional.empty()).toString());
        assertEquals("residual(dense(2), dense(2))", new Residual(dense(2), Optional.of(dense(2))).toString());
    }
}
