package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.nn.Layer;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/// What every layer that works on sequences must pass besides [LayerTck]: padding changes nothing,
/// whatever it holds. Its facts have an input `[T, ...]` of at least 3 steps; its output may have steps
/// or none.
///
/// A layer that takes ids overrides [#batch(lamella.backend.Backend, Shape)]; in its padding stand
/// other ids of that batch.
///
/// {@snippet :
/// final class LstmTest extends SequenceTck {
///     @Override
///     protected Facts facts() {
///         return new Facts(lstm(3), "lstm(3)", Shape.of(5, 2), Shape.of(3), List.of(...));
///     }
/// }
/// }
public abstract class SequenceTck extends LayerTck {
    /// How far results may lie apart, relative to 1 or to themselves, where double sums may be in
    /// another order.
    private static final double NEAR = 1e-9;

    /// What stands in the padding of float32 inputs.
    private static final float[][] GARBAGE = {
        {Float.NaN}, {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}, {1e30f, -1e30f}, {0}
    };

    /// For subclasses.
    protected SequenceTck() {}

    private int steps() {
        int steps = facts().input().dim(0);
        assertTrue(steps >= 3, "the input " + facts().input() + " must have at least 3 steps");
        return steps;
    }

    /// All steps, one, and half of them.
    private int[] mixed() {
        return new int[] {steps(), 1, (steps() + 1) / 2};
    }

    /// The second sequence has no step at all.
    private int[] withEmpty() {
        return new int[] {steps(), 0, (steps() + 1) / 2};
    }

    /// Returns the batch with `more` steps of padding behind each example, and garbage in all padding.
    private Sequences padded(int[] lengths, int more, int garbage) {
        Tensor x = batch();
        int steps = x.shape().dim(1);
        int width = x.shape().sizeBetween(2, x.shape().rank());
        Shape longer = x.shape().with(1, steps + more);
        boolean ids = x.type() == DType.INT32;
        int[] oldIds = ids ? x.toInts() : new int[0];
        float[] oldFloats = ids ? new float[0] : x.toFloats();
        int[] newIds = new int[ids ? longer.size() : 0];
        float[] newFloats = new float[ids ? 0 : longer.size()];
        float[] fill = GARBAGE[garbage];
        for (int i = 0; i < longer.size(); i++) {
            int step = i / width % (steps + more);
            int example = i / width / (steps + more);
            int place = (example * steps + step) * width + i % width;
            boolean padding = step >= lengths[example];
            if (ids) {
                newIds[i] = oldIds[padding ? (5 * i + 3 * garbage) % oldIds.length : place];
            } else {
                newFloats[i] = padding ? fill[i % fill.length] : oldFloats[place];
            }
        }
        return Sequences.of(
                ids ? Tensor.ofInts(reference, longer, newIds) : Tensor.of(reference, longer, newFloats), lengths);
    }

    /// Runs the layer by itself: a model would take away what lies in the padding of its own input.
    private SequenceRun run(boolean training) {
        Scope scope = Scope.root("", reference, RandomSource.of(SEED));
        Layer layer = scope.build("layer", facts().spec(), facts().input()).layer();
        return new SequenceRun(
                reference, layer, scope.parameters().stream().filter(Parameter::trainable).toList(), training);
    }

    @Test
    final void whatLiesInThePaddingChangesNoBit() {
        for (int[] lengths : new int[][] {mixed(), withEmpty()}) {
            for (boolean training : new boolean[] {false, true}) {
                SequenceRun run = run(training);
                SequenceRun.Outcome expected = run.of(Sequences.of(batch(), lengths));
                for (int garbage = 0; garbage < GARBAGE.length; garbage++) {
                    SequenceRun.Outcome actual = run.of(padded(lengths, 0, garbage));
                    String text =
                            "depends on what lies in the padding, lengths %s%s"
                                    .formatted(Arrays.toString(lengths), training ? ", training" : "");
                    assertEqual(expected, actual, 0, text);
                }
            }
        }
    }

    @Test
    final void noGradientFlowsIntoThePadding() {
        for (boolean training : new boolean[] {false, true}) {
            for (int garbage = 0; garbage < GARBAGE.length; garbage++) {
                double[] gradient = run(training).of(padded(mixed(), 1, garbage)).paddingGradient();
                for (double element : gradient) {
                    assertEquals(0, element + 0.0, "the gradient in the padding");
                }
            }
        }
    }

    @Test
    final void morePaddingChangesNothing() {
        for (int[] lengths : new int[][] {mixed(), withEmpty()}) {
            SequenceRun run = run(false);
            SequenceRun.Outcome expected = run.of(padded(lengths, 0, 0));
            assertEqual(expected, run.of(padded(lengths, 1, 0)), NEAR, "depends on the length of the padding");
            assertEqual(expected, run.of(padded(lengths, 6, 0)), NEAR, "depends on the length of the padding");
        }
    }

    @Test
    final void fullLengthsAreNoLengths() {
        int[] full = new int[BATCH];
        Arrays.fill(full, steps());
        for (boolean training : new boolean[] {false, true}) {
            SequenceRun.Outcome expected = run(training).of(Sequences.of(batch()));
            SequenceRun.Outcome actual = run(training).of(Sequences.of(batch(), full));
            assertEqual(expected, actual, 0, "differs between full lengths and none");
        }
        Model model = build(SEED);
        assertArrayEquals(model.forward(batch()).toFloats(), model.forward(Sequences.of(batch())).values().toFloats());
    }

    @Test
    final void aPaddedSequenceIsAsItIsAlone() {
        int[] lengths = mixed();
        double[] together = run(false).of(padded(lengths, 1, 0)).output();
        int start = 0;
        for (int n = 0; n < BATCH; n++) {
            Tensor cut = batch().slice(0, n, n + 1).slice(1, 0, lengths[n]);
            double[] alone = run(false).of(Sequences.of(cut)).output();
            int end = Math.min(together.length, start + alone.length);
            assertNear(alone, Arrays.copyOfRange(together, start, end), NEAR, "sequence " + n + " differs alone");
            start = end;
        }
        assertEquals(together.length, start, "the batch has other steps than its sequences alone");
    }

    @Test
    final void aSequenceWithoutStepsGivesFiniteNumbers() {
        for (boolean training : new boolean[] {false, true}) {
            SequenceRun.Outcome outcome = run(training).of(padded(withEmpty(), 1, 0));
            assertFinite("the output", outcome.output());
            assertFinite("the input's gradient", outcome.inputGradient());
            assertFinite("a parameter's gradient", outcome.parameterGradients());
        }
    }

    private static void assertFinite(String what, double[] values) {
        for (double value : values) {
            assertTrue(Double.isFinite(value), what + " is not finite where a sequence has no steps: " + value);
        }
    }

    private static void assertEqual(
            SequenceRun.Outcome expected, SequenceRun.Outcome actual, double relative, String text) {
        if (expected.lengths().length > 0 && actual.lengths().length > 0) {
            assertArrayEquals(expected.lengths(), actual.lengths(), "lengths of the output: " + text);
        }
        assertNear(expected.output(), actual.output(), relative, "the output " + text);
        assertNear(expected.inputGradient(), actual.inputGradient(), relative, "the input's gradient " + text);
        assertNear(
                expected.parameterGradients(), actual.parameterGradients(), relative, "a parameter's gradient " + text);
    }

    private static void assertNear(double[] expected, double[] actual, double relative, String text) {
        assertEquals(expected.length, actual.length, "elements: " + text);
        for (int i = 0; i < expected.length; i++) {
            double bound = relative * Math.max(1, Math.abs(expected[i]));
            // a zero may have either sign
            boolean near = Double.compare(expected[i] + 0.0, actual[i] + 0.0) == 0;
            if (!near && !(Math.abs(expected[i] - actual[i]) <= bound && relative > 0)) {
                assertEquals(expected[i], actual[i], text + ", element " + i);
            }
        }
    }
}
