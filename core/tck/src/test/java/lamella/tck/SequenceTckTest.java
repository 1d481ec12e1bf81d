package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Layers;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/// The suite of sequence layers accepts what is right, with and without steps in the output, and fails
/// where it should.
final class SequenceTckTest {
    private static final Shape INPUT = Shape.of(5, 2);

    private static SequenceTck tck(LayerSpec spec, Shape output) {
        return tck(spec, INPUT, output);
    }

    private static SequenceTck tck(LayerSpec spec, Shape input, Shape output) {
        return new SequenceTck() {
            @Override
            protected Facts facts() {
                return new Facts(spec, spec.toString(), input, output, List.of());
            }

            @Override
            protected Tensor batch(Backend backend, Shape shape) {
                return shape.rank() == 2 ? ids(backend, shape) : super.batch(backend, shape);
            }
        };
    }

    private static Tensor ids(Backend backend, Shape shape) {
        int[] ids = new int[shape.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i * 3 % Ids.VOCABULARY;
        }
        return Tensor.ofInts(backend, shape, ids);
    }

    private static void assertPasses(SequenceTck tck) {
        tck.whatLiesInThePaddingChangesNoBit();
        tck.noGradientFlowsIntoThePadding();
        tck.morePaddingChangesNothing();
        tck.fullLengthsAreNoLengths();
        tck.aPaddedSequenceIsAsItIsAlone();
        tck.aSequenceWithoutStepsGivesFiniteNumbers();
    }

    private static void assertFails(String message, Runnable test) {
        String actual = assertThrows(AssertionError.class, test::run).getMessage();
        assertTrue(actual.startsWith(message), actual);
    }

    /// A GRU with 3 hidden units.
    private record Gru(boolean everyState, boolean reverse) implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            Tensor in = scope.parameter("in", Shape.of(9, input.dim(1)), Initializer.uniform(1)).value();
            Tensor hidden = scope.parameter("hidden", Shape.of(9, 3), Initializer.uniform(1)).value();
            Tensor bias = scope.parameter("bias", Shape.of(9), Initializer.uniform(1)).value();
            Tensor candidate = scope.parameter("candidate", Shape.of(3), Initializer.uniform(1)).value();
            var weights = new Recurrence.Weights(in, hidden, bias, Optional.of(candidate));
            SequenceLayer layer =
                    x -> {
                        Tensor values = x.values();
                        Tensor zeros = Tensor.zeros(values.backend(), Shape.of(values.shape().dim(0), 3));
                        var initial = new Recurrence.State(zeros, Optional.empty());
                        Recurrence.Result result =
                                Recurrence.GRU.run(values, x.stepCounts(), reverse, initial, weights);
                        return everyState ? x.with(result.states()) : Sequences.of(result.last().hidden());
                    };
            return layer;
        }
    }

    /// A vector for each id.
    private record Ids() implements LayerSpec {
        static final int VOCABULARY = 7;

        @Override
        public Layer build(Scope scope, Shape input) {
            Tensor table = scope.parameter("table", Shape.of(VOCABULARY, 2), Initializer.uniform(1)).value();
            return new SequenceLayer() {
                @Override
                public Sequences forward(Sequences x) {
                    return x.with(table.gather(x.values()));
                }

                @Override
                public DType inputType() {
                    return DType.INT32;
                }
            };
        }
    }

    /// A layer without parameters, in a way of the test's choice.
    private record Plain(SequenceLayer layer) implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return layer;
        }
    }

    private static SequenceTck plain(Shape output, SequenceLayer layer) {
        return tck(new Plain(layer), output);
    }

    @Test
    void acceptsLayersWithAndWithoutSteps() {
        for (boolean reverse : new boolean[] {false, true}) {
            assertPasses(tck(new Gru(false, reverse), Shape.of(3)));
            assertPasses(tck(new Gru(true, reverse), Shape.of(5, 3)));
        }
    }

    @Test
    void acceptsLayersThatTakeIds() {
        LayerSpec net = Layers.sequential(new Ids(), new Gru(false, false));
        SequenceTck tck = tck(net, Shape.of(5), Shape.of(3));
        assertPasses(tck);
        tck.givesTheDocumentedOutputShape();
        tck.gradientsAgreeWithCentralDifferences();
        tck.gradientReachesEveryParameter();
        tck.inferenceChangesNoStateAndTreatsExamplesOneByOne();
        tck.learnsAFewExamplesByHeart();
        assertPasses(tck(new Ids(), Shape.of(5), Shape.of(5, 2)));
    }

    @Test
    void catchesALayerThatReadsThePadding() {
        SequenceTck mean = plain(Shape.of(2), x -> Sequences.of(x.values().mean(1)));
        assertFails(
                "the output depends on what lies in the padding, lengths [5, 1, 3], element 2" + " ==> expected: <0.",
                mean::whatLiesInThePaddingChangesNoBit);
        assertFails("the gradient in the padding ==> expected: <0.0> but was: <", mean::noGradientFlowsIntoThePadding);
    }

    @Test
    void catchesIdsThatAreReadInThePadding() {
        var sum = new Plain(x -> Sequences.of(x.values().sum(1)));
        SequenceTck ids = tck(Layers.sequential(new Ids(), sum), Shape.of(5), Shape.of(2));
        assertFails(
                "the output depends on what lies in the padding, lengths [5, 1, 3], element 2",
                ids::whatLiesInThePaddingChangesNoBit);
    }

    @Test
    void catchesALayerThatDividesByAllSteps() {
        SequenceTck mean = plain(Shape.of(2), x -> Sequences.of(x.masked().mean(1)));
        mean.whatLiesInThePaddingChangesNoBit();
        assertFails("the output depends on the length of the padding, element 0", mean::morePaddingChangesNothing);
        assertFails("sequence 0 differs alone, element 0", mean::aPaddedSequenceIsAsItIsAlone);
    }

    @Test
    void catchesALayerThatTreatsFullLengthsInAnotherWay() {
        SequenceTck odd = plain(INPUT, x -> x.with(x.masked().add(x.lengths().isPresent() ? 1 : 0)));
        assertFails("the output differs between full lengths and none, element 0", odd::fullLengthsAreNoLengths);
    }

    @Test
    void catchesALayerThatForgetsTheLengths() {
        SequenceTck forgetful = plain(INPUT, x -> Sequences.of(x.masked()));
        assertFails("elements: the output depends on the length of", forgetful::morePaddingChangesNothing);
        assertFails("sequence 1 differs alone, element 0", forgetful::aPaddedSequenceIsAsItIsAlone);
    }

    @Test
    void catchesALayerThatCannotTakeASequenceWithoutSteps() {
        SequenceTck mean =
                plain(
                        Shape.of(2),
                        x -> {
                            Tensor counts = x.mask().sum(1).reshape(Shape.of(x.values().shape().dim(0), 1));
                            return Sequences.of(x.masked().sum(1).divide(counts));
                        });
        mean.noGradientFlowsIntoThePadding();
        assertFails(
                "the output is not finite where a sequence has no steps: NaN",
                mean::aSequenceWithoutStepsGivesFiniteNumbers);
    }

    @Test
    void needsThreeSteps() {
        SequenceTck tck = tck(new Gru(true, false), Shape.of(2, 2), Shape.of(2, 3));
        assertFails("the input [2, 2] must have at least 3 steps", tck::fullLengthsAreNoLengths);
    }
}
