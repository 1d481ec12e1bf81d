package lamella.tck.nn;

import static lamella.nn.Layers.dense;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Model;
import lamella.tck.LayerTck;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.List;

class DenseTest {
    @Nested
    class WithBiasTest extends LayerTck {
        @Override
        protected Facts facts() {
            double bound = 1 / Math.sqrt(6);
            return new Facts(
                    dense(5),
                    "dense(5)",
                    Shape.of(6),
                    Shape.of(5),
                    List.of(
                            State.parameter("weight", Shape.of(5, 6), -bound, bound),
                            State.parameter("bias", Shape.of(5), -bound, bound)));
        }
    }

    @Nested
    class WithoutBiasTest extends LayerTck {
        @Override
        protected Facts facts() {
            double bound = 1 / Math.sqrt(4);
            return new Facts(
                    dense(3).withoutBias(),
                    "dense(3).withoutBias()",
                    Shape.of(2, 4),
                    Shape.of(2, 3),
                    List.of(State.parameter("weight", Shape.of(3, 4), -bound, bound)));
        }
    }

    @Test
    void multipliesByTheTransposedWeight() {
        Model model = model(dense(2), 3);
        model.state().get(0).assign(tensor(Shape.of(2, 3), 1, 2, 3, 10, 20, 30));
        model.state().get(1).assign(tensor(Shape.of(2), 0.5f, -0.5f));

        assertArrayEquals(
                new float[] {14.5f, 139.5f, 1.5f, 9.5f},
                model.forward(tensor(Shape.of(2, 3), 1, 2, 3, 1, 0, 0)).toFloats());
    }

    @Test
    void rejectsFewerThanOneUnit() {
        rejects("dense: units must be at least 1, got 0", () -> dense(0));
        assertEquals(1, dense(1).units());
    }
}
