package lamella.tck.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.data.ArrayDataset;
import lamella.data.Dataset;
import lamella.data.Values;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.train.Evaluation;
import lamella.train.Evaluation.Mistake;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

class EvaluationTest {
    private final Backend backend = ReferenceBackend.create();

    /// Logits are the inputs themselves.
    private final Model same = Toys.linear(backend, 1, 0, 0, 1);

    @AfterEach
    void close() {
        backend.close();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void measuresAClassifierByHand() {
        // Right, wrong by 1, wrong by 3, right.
        Dataset four = Toys.classes(new float[] {2, 0, 1, 0, 0, 3, 0, 2}, 0, 1, 0, 1);
        Evaluation result = Evaluation.of(same, Loss.crossEntropy(), four, 3);
        assertEquals(4, result.examples());
        assertEquals(0.5, result.accuracy());
        double loss =
                -(Math.log(sigmoid(2)) + Math.log(sigmoid(-1)) + Math.log(sigmoid(-3)) + Math.log(sigmoid(2))) / 4;
        assertEquals(loss, result.loss(), 1e-6);
        assertArrayEquals(new int[] {0, 0, 1, 1}, result.predicted());
        assertEquals(
                List.of(new Mistake(2, 0, 1, (float) sigmoid(3)), new Mistake(1, 1, 0, (float) sigmoid(1))),
                result.mistakes());
        assertEquals(1, result.confusion().count(0, 1));
        assertEquals(List.of("0", "1"), result.confusion().names());
        assertEquals(List.of("no", "yes"), result.named(List.of("no", "yes")).confusion().names());
    }

    @Test
    void doesNotDependOnTheBatchSizeButForRounding() {
        Dataset spirals = Toys.spirals(30);
        Model model = Toys.net(backend, 4);
        Evaluation whole = Evaluation.of(model, Loss.crossEntropy(), spirals, 100);
        Evaluation parts = Evaluation.of(model, Loss.crossEntropy(), spirals, 7);
        assertEquals(whole.loss(), parts.loss(), 1e-6);
        assertEquals(whole.mistakes(), parts.mistakes());
        assertArrayEquals(whole.predicted(), parts.predicted());
    }

    @Test
    void keepsTheSurestMistakes() {
        int count = 300;
        float[] points = new float[2 * count];
        for (int i = 0; i < count; i++) {
            points[2 * i] = 0.01f * ((i * 7) % count);
        }
        Dataset wrong = Toys.classes(points, Arrays.copyOf(ones(count), count));
        List<Mistake> mistakes = Evaluation.of(same, Loss.crossEntropy(), wrong, 64).mistakes();
        assertEquals(Evaluation.MISTAKES, mistakes.size());
        for (int i = 0; i < mistakes.size(); i++) {
            int rank = count - 1 - i;
            assertEquals(rank, mistakes.get(i).index() * 7 % count);
        }
    }

    @Test
    void ordersEquallySureMistakesByNumber() {
        Dataset wrong = Toys.classes(new float[2 * 150], ones(150));
        List<Mistake> mistakes = Evaluation.of(same, Loss.crossEntropy(), wrong, 64).mistakes();
        assertEquals(IntStream.range(0, 100).boxed().toList(), mistakes.stream().map(Mistake::index).toList());
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Test
    void ignoresLabelsThatDoNotCount() {
        Dataset three = Toys.classes(new float[] {2, 0, 1, 0, 0, 3}, 0, -1, 0);
        Evaluation result = Evaluation.of(same, Loss.crossEntropy(), three, 3);
        assertEquals(0.5, result.accuracy());
        assertEquals(2, result.confusion().total());
        assertEquals(List.of(2), result.mistakes().stream().map(Mistake::index).toList());
    }

    @Test
    void leavesNothingBehindInMemory() {
        long live = backend.memory().live();
        Evaluation.of(same, Loss.crossEntropy(), Toys.xor(), 2);
        assertEquals(live, backend.memory().live());
    }

    @Test
    void rejectsWhatIsNoClassifier() {
        Dataset values =
                ArrayDataset.of(
                        new Values.Floats(Shape.of(1, 2), new float[2]),
                        new Values.Floats(Shape.of(1, 2), new float[2]));
        var thrown =
                assertThrows(
                        IllegalArgumentException.class, () -> Evaluation.of(same, Loss.meanSquaredError(), values, 1));
        assertEquals(
                "evaluate: a classifier needs int32 labels [N] and logits [N, classes], got targets"
                        + " [1, 2] and logits [1, 2]",
                thrown.getMessage());
        var empty =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Evaluation.of(same, Loss.crossEntropy(), Toys.xor().subset(0, 0), 1));
        assertEquals("evaluate: the dataset is empty", empty.getMessage());
    }
}
