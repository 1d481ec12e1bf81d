package lamella.layers.rnn;

import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Samples.noise;
import static lamella.layers.rnn.Samples.parameter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.nn.Sequences;
import lamella.tck.GradCheck;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class CtcLossTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    /// Labels with garbage in the padding.
    private static Sequences labels(Backend backend, int width, int[]... labels) {
        int[] padded = new int[labels.length * width];
        Arrays.fill(padded, 12345);
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(labels[i], 0, padded, i * width, labels[i].length);
        }
        int[] lengths = Arrays.stream(labels).mapToInt(l -> l.length).toArray();
        return Sequences.of(Tensor.ofInts(backend, Shape.of(labels.length, width), padded), lengths);
    }

    /// The probability of each labelling, by trying all paths through the probabilities `[T, classes]`.
    private static Map<List<Integer>, Double> byTrying(double[] probabilities, int steps, int classes, int blank) {
        var found = new HashMap<List<Integer>, Double>();
        int paths = (int) Math.pow(classes, steps);
        for (int path = 0; path < paths; path++) {
            double probability = 1;
            var labelling = new ArrayList<Integer>();
            int before = -1;
            for (int t = 0, rest = path; t < steps; t++, rest /= classes) {
                int said = rest % classes;
                probability *= probabilities[t * classes + said];
                if (said != before && said != blank) {
                    labelling.add(said);
                }
                before = said;
            }
            found.merge(labelling, probability, Double::sum);
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void agreesWithTryingAllPaths(int blank) {
        int steps = 5;
        int classes = 3;
        Tensor logits = noise(REFERENCE, blank, 1, steps, classes).multiply(3);
        double[] probabilities = REFERENCE.values(logits.softmax().view());
        var expected = byTrying(probabilities, steps, classes, blank);

        double sum = 0;
        for (var labelling : expected.entrySet()) {
            int[] labels = labelling.getKey().stream().mapToInt(Integer::intValue).toArray();
            Sequences padded = labels(REFERENCE, 6, labels);
            double loss = Ctc.loss(blank).of(Sequences.of(logits), padded).item();
            assertEquals(-Math.log(labelling.getValue()), loss, 1e-5, labelling::toString);
            sum += Math.exp(-loss);
        }
        assertEquals(1, sum, 1e-5);
    }

    @Test
    void sequencesOfDifferentLengthsInOneBatch() {
        Tensor logits = noise(REFERENCE, 1, 4, 5, 3).multiply(2);
        int[] steps = {5, 3, 1, 4};
        int[][] labels = {{1, 1, 2}, {2}, {}, {2, 1}};
        double[] probabilities = REFERENCE.values(logits.softmax().view());

        float[] losses =
                Ctc.loss(0)
                        .each(
                                Sequences.of(Padding.garbage(Sequences.of(logits, steps)), steps),
                                labels(REFERENCE, 4, labels))
                        .toFloats();

        for (int i = 0; i < 4; i++) {
            double[] own = Arrays.copyOfRange(probabilities, i * 15, i * 15 + steps[i] * 3);
            double expected = byTrying(own, steps[i], 3, 0).get(Arrays.stream(labels[i]).boxed().toList());
            assertEquals(-Math.log(expected), losses[i], 1e-5);
        }
    }

    @Test
    void theLossIsTheMeanOverTheSequences() {
        Sequences logits = Sequences.of(noise(REFERENCE, 1, 2, 4, 3));
        Sequences labels = labels(REFERENCE, 2, new int[] {1, 2}, new int[] {2});

        float[] each = Ctc.loss(0).each(logits, labels).toFloats();

        assertEquals(Shape.scalar(), Ctc.loss(0).of(logits, labels).shape());
        assertEquals((each[0] + each[1]) / 2, Ctc.loss(0).of(logits, labels).item(), 1e-6f);
    }

    @Test
    void hasItsGradient() {
        Parameter logits = parameter("logits", 1, 4, 5, 3);
        Sequences labels = labels(REFERENCE, 4, new int[] {1, 1, 2}, new int[] {2}, new int[] {}, new int[] {1, 2});

        GradCheck.check(List.of(logits), () -> Ctc.loss(0).each(Sequences.of(logits.value(), 5, 3, 1, 4), labels));
        GradCheck.check(List.of(logits), () -> Ctc.loss(0).of(Sequences.of(logits.value()), labels));
    }

    @Test
    void theGradientOfOneStepIsThatOfCrossEntropy() {
        Tensor logits = noise(REFERENCE, 1, 2, 1, 4);
        Sequences labels = labels(REFERENCE, 1, new int[] {3}, new int[] {1});
        Tensor classes = Tensor.ofInts(REFERENCE, Shape.of(2, 1), 3, 1);

        Tensor ctc = Autograd.gradients(List.of(logits), () -> Ctc.loss(0).of(Sequences.of(logits), labels)).getFirst();
        Tensor expected = Autograd.gradients(List.of(logits), () -> logits.crossEntropy(classes, 0).mean()).getFirst();

        assertArrayEquals(expected.toFloats(), ctc.toFloats(), 1e-6f);
    }

    @Test
    void labelsThatNoPathStandsForCostInfinity() {
        // three labels do not fit into two steps, nor two equal ones, which need a blank between them
        Tensor logits = noise(REFERENCE, 1, 3, 2, 3);
        Sequences labels = labels(REFERENCE, 3, new int[] {1, 2, 1}, new int[] {1, 1}, new int[] {1, 2});
        Sequences x = Sequences.of(logits);

        float[] losses = Ctc.loss(0).each(x, labels).toFloats();
        float[] zeros = Ctc.loss(0).zeroInfinity().each(x, labels).toFloats();

        assertArrayEquals(new float[] {INFINITY, INFINITY, losses[2]}, losses);
        assertTrue(losses[2] > 0 && losses[2] < 10);
        assertArrayEquals(new float[] {0, 0, losses[2]}, zeros);
        for (CtcLoss loss : List.of(Ctc.loss(0), Ctc.loss(0).zeroInfinity())) {
            Tensor gradient = Autograd.gradients(List.of(logits), () -> loss.each(x, labels).sum()).getFirst();
            assertArrayEquals(new float[12], gradient.slice(0, 0, 2).toFloats());
            for (float value : gradient.slice(0, 2, 3).toFloats()) {
                assertTrue(value != 0 && Float.isFinite(value));
            }
        }
    }

    @Test
    void noStepIsOneForNoLabelAlone() {
        Sequences none = Sequences.of(Tensor.full(REFERENCE, Shape.of(2, 3, 2), Float.NaN), 0, 0);

        float[] losses = Ctc.loss(0).each(none, labels(REFERENCE, 1, new int[] {}, new int[] {1})).toFloats();

        assertArrayEquals(new float[] {0, INFINITY}, losses, 1e-9f);
    }

    @Test
    void batchesWithoutAnyLabelAreAllBlank() {
        Tensor logits = noise(REFERENCE, 1, 1, 3, 2);
        Sequences labels = Sequences.of(Tensor.ofInts(REFERENCE, Shape.of(1, 0)), 0);

        float expected = -logits.logSoftmax().slice(2, 1, 2).sum().item();
        assertEquals(expected, Ctc.loss(1).of(Sequences.of(logits), labels).item(), 1e-6f);
    }

    @Test
    void classesOfProbabilityZeroAreNoPath() {
        Tensor logits = tensor(Shape.of(2, 2, 3), 0, -INFINITY, 0, 0, 0, 0, 0, -INFINITY, 0, 0, -INFINITY, 0);
        Sequences x = Sequences.of(logits);
        Sequences labels = labels(REFERENCE, 1, new int[] {1}, new int[] {1});

        // the first can say label 1 in the second step only, after a blank: 1/2 · 1/3
        assertArrayEquals(new float[] {(float) Math.log(6), INFINITY}, Ctc.loss(0).each(x, labels).toFloats(), 1e-6f);
        for (float value : Autograd.gradients(List.of(logits), () -> Ctc.loss(0).of(x, labels)).getFirst().toFloats()) {
            assertTrue(Float.isFinite(value));
        }
    }

    @Test
    void whatLiesInThePaddingChangesNothing() {
        Padding.changesNothing(
                backend ->
                        new Padding.Subject(
                                List.of(),
                                x ->
                                        Ctc.loss(2)
                                                .each(
                                                        x.getFirst(),
                                                        labels(
                                                                backend,
                                                                4,
                                                                new int[] {1, 1, 0},
                                                                new int[] {0},
                                                                new int[] {}))),
                List.of(Shape.of(3, 9, 4)),
                new int[] {9, 3, 5});
    }

    @Test
    void morePaddingChangesNoBit() {
        moreChangesNoBit(REFERENCE);
        try (Backend cpu = Backends.installed().open("cpu", BackendOptions.defaults())) {
            moreChangesNoBit(cpu);
        }
    }

    private static void moreChangesNoBit(Backend backend) {
        Tensor logits = noise(backend, 1, 3, 9, 5).multiply(4);
        int[] steps = {9, 8, 7};
        int[][] labels = {{1, 1, 4}, {2}, {3, 2, 3, 1}};

        float[] expected = Ctc.loss(0).each(Sequences.of(logits, steps), labels(backend, 4, labels)).toFloats();
        Tensor longer = logits.pad(1, 0, 5, Float.NaN);
        float[] actual = Ctc.loss(0).each(Sequences.of(longer, steps), labels(backend, 11, labels)).toFloats();

        assertArrayEquals(expected, actual, backend.name());
    }

    @Test
    void staysPreciseOverManySteps() {
        // 200 steps of sharp probabilities: far below the smallest float if they were multiplied
        Sequences x = Sequences.of(noise(REFERENCE, 1, 1, 200, 6).multiply(20));
        int[] labels = new int[60];
        Arrays.setAll(labels, i -> 1 + i % 5);
        float exact = Ctc.loss(0).of(x, labels(REFERENCE, 60, labels)).item();

        try (Backend cpu = Backends.installed().open("cpu", BackendOptions.defaults())) {
            Sequences same = Sequences.of(noise(cpu, 1, 1, 200, 6).multiply(20));
            assertEquals(exact, Ctc.loss(0).of(same, labels(cpu, 60, labels)).item(), 1e-5f * exact);
            assertTrue(exact > 500, "a loss of " + exact + " tests nothing");
        }
    }

    @Test
    void rejectsWhatDoesNotFit() {
        Sequences logits = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 4, 3)));
        Sequences two = labels(REFERENCE, 2, new int[] {1}, new int[] {1, 2});

        rejects("ctc: blank must be at least 0, got -1", () -> Ctc.loss(-1));
        rejects(
                """
                ctc: logits must have rank 3 (N, T, classes), got 2
                  logits   [2, 3]\
                """,
                () -> Ctc.loss(0).of(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3))), two));
        rejects(
                """
                ctc: labels must have rank 2 (N, L), got 1
                  labels   [2]\
                """,
                () -> Ctc.loss(0).of(logits, Sequences.of(Tensor.ofInts(REFERENCE, Shape.of(2), 1, 1))));
        rejects(
                """
                ctc: logits of 2 sequences, labels of 1
                  logits   [2, 4, 3]          (N, T, classes)
                  labels   [1, 2]             (N, L)\
                """,
                () -> Ctc.loss(0).of(logits, labels(REFERENCE, 2, new int[] {1})));
        rejects(
                """
                ctc: logits must have at least 1 step
                  logits   [2, 0, 3]          (N, T, classes)
                  labels   [2, 2]             (N, L)\
                """,
                () -> Ctc.loss(0).of(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 0, 3))), two));
        rejects(
                """
                ctc: blank 3 is outside [0, 3)
                  logits   [2, 4, 3]          (N, T, classes)
                  labels   [2, 2]             (N, L)\
                """,
                () -> Ctc.loss(3).of(logits, two));
        rejects("ctc: label 2 at index 1 of sequence 1 is the blank", () -> Ctc.loss(2).of(logits, two));
        rejects(
                "ctc: label 3 at index 0 of sequence 1 is outside [0, 3)",
                () -> Ctc.loss(0).of(logits, labels(REFERENCE, 2, new int[] {1}, new int[] {3})));
        rejects(
                "ctc: label -1 at index 0 of sequence 0 is outside [0, 3)",
                () -> Ctc.loss(0).of(logits, labels(REFERENCE, 2, new int[] {-1}, new int[] {1})));
        rejects(
                "ctc: labels [2, 2] must be int32",
                () -> Ctc.loss(0).of(logits, Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 2)))));
    }
}
