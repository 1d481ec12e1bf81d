package lamella.tck.nn;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.residual;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.tanh;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ResidualTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double bound = 1 / Math.sqrt(3);
        return new Facts(
                residual(sequential(dense(3), tanh(), dense(2).withoutBias()), dense(2)),
                "residual(sequential(dense(3), tanh(), dense(2).withoutBias()), dense(2))",
                Shape.of(4, 3),
                Shape.of(4, 2),
                List.of(
                        State.parameter("body.dense1.weight", Shape.of(3, 3), -bound, bound),
                        State.parameter("body.dense1.bias", Shape.of(3), -bound, bound),
                        State.parameter("body.dense2.weight", Shape.of(2, 3), -bound, bound),
                        State.parameter("shortcut.weight", Shape.of(2, 3), -bound, bound),
                        State.parameter("shortcut.bias", Shape.of(2), -bound, bound)));
    }

    @Test
    void addsTheInputToTheOutput() {
        assertArrayEquals(
                new float[] {-1, 0, 4},
                model(residual(relu()), 3).forward(tensor(Shape.of(1, 3), -1, 0, 2)).toFloats());
    }

    @Test
    void addsWhatTheShortcutMakesOfTheInput() {
        Model model = model(residual(dense(2).withoutBias(), dense(2).withoutBias()), 1);
        model.state().get(0).assign(tensor(Shape.of(2, 1), 3, 5));
        model.state().get(1).assign(tensor(Shape.of(2, 1), 10, 20));

        assertArrayEquals(new float[] {26, 50}, model.forward(tensor(Shape.of(1, 1), 2)).toFloats());
    }

    @Test
    void keepsLengthsAndTakesNothingFromThePaddingWhereAWayKeepsNone() {
        Sequences x = Sequences.of(tensor(Shape.of(1, 2, 1), 3, Float.NaN), 1);

        Sequences kept = model(residual(tanh()), 2, 1).forward(x);
        assertArrayEquals(new int[] {1}, kept.lengths().orElseThrow());
        LayerSpec forgetful = new Forgetful();
        for (LayerSpec spec : List.of(residual(forgetful), residual(forgetful, tanh()), residual(relu(), forgetful))) {
            Sequences sum = model(spec, 2, 1).forward(x);
            assertTrue(sum.lengths().isEmpty());
            assertTrue(Float.isFinite(sum.values().toFloats()[1]), spec.toString());
        }
    }

    /// Gives zeros, and no lengths.
    private record Forgetful() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return new Layer() {
                @Override
                public Tensor forward(Tensor x) {
                    return x.multiply(0);
                }

                @Override
                public Sequences forward(Sequences x) {
                    return Sequences.of(forward(x.masked()));
                }
            };
        }
    }

    @Test
    void isTheSameAfterWritingAndReadingWithoutAShortcut() {
        LayerCatalog catalog = LayerCatalog.installed();
        assertEquals(Map.of("layer", "residual", "body", Map.of("layer", "relu")), catalog.write(residual(relu())));
        assertEquals(residual(relu()), catalog.read(catalog.write(residual(relu()))));
        assertEquals("residual(relu())", residual(relu()).toString());
    }

    @Test
    void rejectsABodyOfAnotherShapeThanTheInput() {
        // [2, 1] would broadcast to [2, 3]
        var e = assertThrows(ShapeException.class, () -> model(residual(dense(1)), 2, 3));
        assertEquals(
                """
                residual: body and input cannot be added, their shapes differ
                  body     [2, 1]
                  input    [2, 3]
                  at net = residual(dense(1))\
                """,
                e.getMessage());
    }

    @Test
    void rejectsABodyOfAnotherShapeThanTheShortcut() {
        var e = assertThrows(ShapeException.class, () -> model(residual(dense(4), flatten()), 2, 3));
        assertEquals(
                """
                residual: body and shortcut cannot be added, their shapes differ
                  body     [2, 4]
                  shortcut [6]
                  at net = residual(dense(4), flatten())\
                """,
                e.getMessage());
    }

    @Test
    void namesThePartThatDoesNotFit() {
        var e = assertThrows(ShapeException.class, () -> model(residual(relu(), residual(dense(1))), 3));
        assertEquals("net.shortcut = residual(dense(1))", e.place());
    }
}
