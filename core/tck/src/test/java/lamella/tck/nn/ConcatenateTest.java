package lamella.tck.nn;

import static lamella.nn.Layers.concatenate;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.tanh;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;

import org.junit.jupiter.api.Test;

import java.util.List;

class ConcatenateTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double bound = 1 / Math.sqrt(3);
        return new Facts(
                concatenate(dense(2), named("more", dense(3))),
                "concatenate(dense(2), named(\"more\", dense(3)))",
                Shape.of(4, 3),
                Shape.of(4, 5),
                List.of(
                        State.parameter("dense1.weight", Shape.of(2, 3), -bound, bound),
                        State.parameter("dense1.bias", Shape.of(2), -bound, bound),
                        State.parameter("more.weight", Shape.of(3, 3), -bound, bound),
                        State.parameter("more.bias", Shape.of(3), -bound, bound)));
    }

    @Test
    void givesTheOutputsOfItsLayersInTheirOrder() {
        Model model = model(concatenate(dense(1), dense(2)), 2);
        model.state().get(0).assign(tensor(Shape.of(1, 2), 1, 10));
        model.state().get(1).assign(tensor(Shape.of(1), 0));
        model.state().get(2).assign(tensor(Shape.of(2, 2), 0, 1, 2, 0));
        model.state().get(3).assign(tensor(Shape.of(2), 0.5f, 0));

        assertArrayEquals(new float[] {43, 4.5f, 6}, model.forward(tensor(Shape.of(1, 2), 3, 4)).toFloats());
    }

    @Test
    void keepsTheLengthsThatItsLayersKeep() {
        Sequences x = Sequences.of(tensor(Shape.of(1, 2, 1), 3, Float.NaN), 1);

        assertArrayEquals(new int[] {1}, model(concatenate(tanh(), dense(2)), 2, 1).forward(x).lengths().orElseThrow());
        Sequences flat = model(concatenate(flatten(), flatten()), 2, 1).forward(x);
        assertTrue(flat.lengths().isEmpty());
        assertArrayEquals(new float[] {3, 0, 3, 0}, flat.values().toFloats());
    }

    @Test
    void rejectsOutputsThatDoNotFitSideBySide() {
        var misfit = assertThrows(ShapeException.class, () -> model(concatenate(tanh(), flatten()), 2, 3));
        assertEquals("concatenate: part 1 does not fit part 0 along axis 2", misfit.relation());
        assertEquals("net = concatenate(tanh(), flatten())", misfit.place());
    }

    @Test
    void rejectsNoLayersAtAll() {
        rejects("concatenate: there must be at least one layer", () -> concatenate());
    }
}
