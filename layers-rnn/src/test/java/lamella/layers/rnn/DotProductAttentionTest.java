package lamella.layers.rnn;

import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Samples.noise;
import static lamella.layers.rnn.Samples.parameter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Sequences;
import lamella.tck.GradCheck;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class DotProductAttentionTest {
    private static final float LN3 = (float) Math.log(3);
    private static final float NAN = Float.NaN;

    @Test
    void aQueryGetsTheMeanOfTheValuesUnderTheSoftmaxOfItsScores() {
        // 4 features: the score of the second key is 2 · ln 3 / √4, so it is worth three times the first
        Tensor query = tensor(Shape.of(1, 1, 4), 2, 0, 0, 0);
        Tensor keys = tensor(Shape.of(1, 2, 4), 0, 5, 0, 0, LN3, 0, -5, 0);
        Tensor values = tensor(Shape.of(1, 2, 3), 4, 0, 8, 8, 4, 0);

        Attended found = DotProductAttention.attend(Sequences.of(query), Sequences.of(keys), values);

        assertEquals(Shape.of(1, 1, 3), found.output().shape());
        assertArrayEquals(new float[] {7, 3, 2}, found.output().toFloats(), 1e-6f);
        assertEquals(Shape.of(1, 1, 2), found.weights().shape());
        assertArrayEquals(new float[] {0.25f, 0.75f}, found.weights().toFloats(), 1e-7f);
    }

    @Test
    void paddedKeysWeighNothingAndPaddedQueriesGetNothing() {
        Tensor queries = tensor(Shape.of(2, 2, 1), 0, 0, 0, NAN);
        Tensor keys = tensor(Shape.of(2, 3, 1), 1, 2, 3, 1, NAN, NAN);
        Tensor values = tensor(Shape.of(2, 3, 1), 3, 6, 9, 7, NAN, NAN);

        Attended found = DotProductAttention.attend(Sequences.of(queries, 2, 1), Sequences.of(keys, 2, 1), values);

        assertArrayEquals(new float[] {4.5f, 4.5f, 7, 0}, found.output().toFloats());
        assertArrayEquals(new float[] {0.5f, 0.5f, 0, 0.5f, 0.5f, 0, 1, 0, 0, 1, 0, 0}, found.weights().toFloats());
    }

    @Test
    void aQueryWithoutAnyKeyGetsNothing() {
        Tensor queries = noise(REFERENCE, 1, 2, 2, 3);
        Tensor keys = Padding.garbage(Sequences.of(noise(REFERENCE, 2, 2, 2, 3), 2, 0));

        Attended found = DotProductAttention.attend(Sequences.of(queries), Sequences.of(keys, 2, 0), keys);

        assertArrayEquals(new float[6], found.output().slice(0, 1, 2).toFloats());
        assertArrayEquals(new float[4], found.weights().slice(0, 1, 2).toFloats());
    }

    @Test
    void causallyAQuerySeesNoLaterKey() {
        Tensor zeros = Tensor.zeros(REFERENCE, Shape.of(1, 4, 1));
        Tensor values = tensor(Shape.of(1, 4, 1), 12, 24, 48, 96);

        Attended found = DotProductAttention.attendCausally(Sequences.of(zeros, 3), Sequences.of(zeros, 3), values);

        assertArrayEquals(new float[] {12, 18, 28, 0}, found.output().toFloats(), 1e-5f);
        float third = 1 / 3f;
        float[] expected = {1, 0, 0, 0, 0.5f, 0.5f, 0, 0, third, third, third, 0, third, third, third, 0};
        assertArrayEquals(expected, found.weights().toFloats(), 1e-7f);
    }

    @Test
    void hasItsGradient() {
        Parameter queries = parameter("queries", 1, 3, 4, 2);
        Parameter keys = parameter("keys", 2, 3, 4, 2);
        Parameter values = parameter("values", 3, 3, 4, 3);
        List<Parameter> all = List.of(queries, keys, values);
        int[] lengths = {4, 2, 0};

        GradCheck.check(
                all,
                () ->
                        DotProductAttention.attend(
                                        Sequences.of(queries.value(), 1, 4, 4),
                                        Sequences.of(keys.value(), lengths),
                                        values.value())
                                .output());
        GradCheck.check(
                all,
                () ->
                        DotProductAttention.attendCausally(
                                        Sequences.of(queries.value(), lengths),
                                        Sequences.of(keys.value(), lengths),
                                        values.value())
                                .output());
        GradCheck.check(
                List.of(queries, keys),
                () ->
                        DotProductAttention.attend(
                                        Sequences.of(queries.value()),
                                        Sequences.of(keys.value(), lengths),
                                        values.value())
                                .weights());
    }

    @Test
    void whatLiesInThePaddingChangesNothing() {
        List<Shape> shapes = List.of(Shape.of(3, 4, 5), Shape.of(3, 7, 5), Shape.of(3, 7, 2));
        int[] queries = {4, 2, 1};
        int[] keys = {3, 0, 7};
        Padding.changesNothing(
                _ ->
                        new Padding.Subject(
                                List.of(),
                                x -> DotProductAttention.attend(x.get(0), x.get(1), x.get(2).values()).output()),
                shapes,
                queries,
                keys,
                keys);
        Padding.changesNothing(
                _ ->
                        new Padding.Subject(
                                List.of(),
                                x ->
                                        DotProductAttention.attendCausally(x.get(0), x.get(0), x.get(0).values())
                                                .output()),
                List.of(Shape.of(3, 4, 5)),
                queries);
    }

    @Test
    void rejectsWhatDoesNotFit() {
        Sequences three = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3, 4)));
        Sequences five = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 5, 4)));
        Tensor flat = Tensor.zeros(REFERENCE, Shape.of(2, 4));

        rejects(
                """
                dotProductAttention: queries must have rank 3 (N, T, D), got 2
                  queries  [2, 4]\
                """,
                () -> DotProductAttention.attend(Sequences.of(flat), three, three.values()));
        rejects(
                """
                dotProductAttention: keys must have rank 3 (N, T, D), got 2
                  keys     [2, 4]\
                """,
                () -> DotProductAttention.attend(three, Sequences.of(flat), three.values()));
        rejects(
                """
                dotProductAttention: values must have rank 3 (N, T, D), got 2
                  values   [2, 4]\
                """,
                () -> DotProductAttention.attend(three, five, flat));
        rejects(
                """
                dotProductAttention: causal attention needs as many queries as keys, got 3 and 5
                  queries  [2, 3, 4]          (N, T, D)
                  keys     [2, 5, 4]          (N, T, D)\
                """,
                () -> DotProductAttention.attendCausally(three, five, five.values()));
        rejects(
                """
                matmul: inner dimensions differ, 5 and 3
                  left     [2, 3, 5]          (B, M, K)
                  right    [2, 3, 4]          (B, K, N)\
                """,
                () -> DotProductAttention.attend(three, five, three.values()));
    }
}
