package lamella.layers.rnn;

import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.random;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Run.values;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/// A cell from elsewhere gets stacking, directions and padding for nothing.
class OwnCellTest {
    /// The running sum of the inputs: as many hidden units as features, nothing to learn.
    private record Total(int hidden, RecurrentOptions options) implements RecurrentSpec<Total> {
        @Override
        public Total options(RecurrentOptions options) {
            return new Total(hidden, options);
        }

        @Override
        public RecurrentCell cell(Scope scope, int inputs) {
            return new TotalCell(hidden);
        }
    }

    private record TotalCell(int hidden) implements RecurrentCell {
        @Override
        public Tensor project(Tensor x) {
            return x;
        }

        @Override
        public State advance(Tensor projected, Tensor recurrent, State state) {
            return new State(recurrent.add(projected), Optional.empty());
        }
    }

    private static Tensor run(Total spec, Sequences x) {
        return spec.build(Run.scope(), Shape.of(3, 1)).forward(x).values();
    }

    @Test
    void runsInAllWays() {
        var total = new Total(1, RecurrentOptions.defaults());
        Sequences x = Sequences.of(tensor(Shape.of(2, 3, 1), 1, 2, 3, 10, 20, Float.NaN), 3, 2);

        assertArrayEquals(new double[] {6, 30}, values(run(total, x)));
        assertArrayEquals(new double[] {1, 3, 6, 10, 30, 0}, values(run(total.everyState(), x)));
        assertArrayEquals(new double[] {6, 5, 3, 30, 20, 0}, values(run(total.reverse().everyState(), x)));
        assertArrayEquals(new double[] {1 + 3 + 6, 10 + 30}, values(run(total.layers(2), x)));
        assertArrayEquals(new double[] {12, 60}, values(run(total.bidirectional(Merge.SUM), x)));
    }

    @Test
    void stepsByItself() {
        RecurrentCell cell = new TotalCell(4);
        Tensor x = random(1, 2, 4);

        State state = cell.step(x, cell.step(x, cell.zeroState(REFERENCE, 2)));

        assertArrayEquals(values(x.multiply(2)), values(state.hidden()));
        assertEquals(Optional.empty(), cell.fused().map(RecurrentCell.Fused::recurrence));
    }
}
