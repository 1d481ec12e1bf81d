package lamella.tck.nn;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/// Padding on its way through layers that know it, and layers that do not.
class PaddedNetTest {
    private static final float NAN = Float.NaN;

    private static Sequences pair() {
        return Sequences.of(tensor(Shape.of(2, 3, 1), 1, NAN, NAN, 2, 3, NAN), 1, 2);
    }

    @Test
    void aLayerThatDoesNotKnowPaddingSeesZeros() {
        Layer addOne = x -> x.add(1);

        Sequences y = addOne.forward(pair());

        assertArrayEquals(new float[] {2, 1, 1, 3, 4, 1}, y.values().toFloats());
        assertArrayEquals(new int[] {1, 2}, y.lengths().orElseThrow());
    }

    @Test
    void aLayerThatTakesIdsSeesNoWord() {
        Layer asNumbers = Tensor::toFloat;
        Tensor ids = Tensor.ofInts(REFERENCE, Shape.of(1, 3), 7, 8, 9);

        assertArrayEquals(new float[] {7, 8, -1}, asNumbers.forward(Sequences.of(ids, 2)).values().toFloats());
    }

    @Test
    void whatHasAsManyStepsKeepsTheLengths() {
        Layer total = x -> x.sum(1);
        Layer fewer = x -> x.slice(1, 0, 2);

        assertEquals(Optional.empty(), total.forward(pair()).lengths());
        assertArrayEquals(new float[] {1, 5}, total.forward(pair()).values().toFloats());
        assertEquals(Optional.empty(), fewer.forward(pair()).lengths());
    }

    @Test
    void withoutLengthsALayerSeesWhatThereIs() {
        Layer addOne = x -> x.add(1);
        Sequences plain = Sequences.of(tensor(Shape.of(1, 2), 5, 6));

        assertArrayEquals(new float[] {6, 7}, addOne.forward(plain).values().toFloats());
        assertEquals(Optional.empty(), addOne.forward(plain).lengths());
    }

    /// Adds up the steps of each sequence, and asserts that it is given lengths.
    private record Total(boolean padded) implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            SequenceLayer layer =
                    x -> {
                        if (x.values().backend() == REFERENCE) {
                            assertEquals(padded, x.lengths().isPresent());
                        }
                        return Sequences.of(x.masked().sum(1));
                    };
            return layer;
        }

        @Override
        public String toString() {
            return "total()";
        }
    }

    @Test
    void aSequenceLayerTakesABatchWithoutPaddingToo() {
        Model model = model(new Total(false), 2, 2);

        Tensor y = model.forward(tensor(Shape.of(1, 2, 2), 1, 2, 3, 4));

        assertArrayEquals(new float[] {4, 6}, y.toFloats());
    }

    @Test
    void lengthsPassThroughANet() {
        Model model = model(sequential(relu(), sequential(dense(1)), named("sum", new Total(true)), dense(1)), 3, 1);
        model.state().get(0).assign(tensor(Shape.of(1, 1), 10));
        model.state().get(1).assign(tensor(Shape.of(1), 0.5f));
        model.state().get(2).assign(tensor(Shape.of(1, 1), 2));
        model.state().get(3).assign(tensor(Shape.of(1), 0));

        Sequences y = model.forward(pair());

        assertEquals(Optional.empty(), y.lengths());
        assertArrayEquals(new float[] {2 * 10.5f, 2 * (20.5f + 30.5f)}, y.values().toFloats());
    }

    @Test
    void aModelTakesAnyNumberOfSteps() {
        Model model = model(sequential(new Total(true)), 3, 1);

        Tensor longer = tensor(Shape.of(1, 5, 1), 1, 2, 3, 4, NAN);
        Tensor none = Tensor.zeros(REFERENCE, Shape.of(2, 0, 1));

        assertArrayEquals(new float[] {10}, model.forward(Sequences.of(longer, 4)).values().toFloats());
        assertArrayEquals(new float[] {0, 0}, model.forward(Sequences.of(none, 0, 0)).values().toFloats());
    }

    @Test
    void aModelRejectsOtherSequences() {
        Model model = model(sequential(new Total(true)), 3, 4);
        Sequences flat = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3)), 1, 2);
        Sequences narrow = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3, 5)), 1, 2);

        rejects(
                """
                model: built for sequences [3, 4], got a batch [2, 3]
                  input    [2, 3]\
                """,
                () -> model.forward(flat));
        rejects(
                """
                model: built for sequences [3, 4], got a batch [2, 3, 5]
                  input    [2, 3, 5]\
                """,
                () -> model.forward(narrow));
        rejects(
                """
                model: built for sequences [], got a batch [2]
                  input    [2]\
                """,
                () -> model(new Shapeless()).forward(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2)))));
    }

    /// Takes anything.
    private record Shapeless() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return x -> x;
        }
    }

    @Test
    void anErrorWhileRunningNamesThePlace() {
        Model model = model(sequential(flatten(), named("head", dense(2))), 3, 1);

        rejects(
                """
                reshape: 8 elements do not fill [2, 3], which has 6
                  input    [2, 4, 1]
                  at net.flatten1 = flatten()\
                """,
                () -> model.forward(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 4, 1)), 1, 2)));
    }
}
