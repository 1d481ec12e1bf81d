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
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tck.GradCheck;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class AdditiveAttentionTest {
    private static final float LN3 = (float) Math.log(3);
    private static final float NAN = Float.NaN;

    private static Scope scope(Backend backend) {
        return Scope.root("attention", backend, RandomSource.of(1));
    }

    private static AdditiveAttention byHand() {
        Scope scope = scope(REFERENCE);
        AdditiveAttention attention = AdditiveAttention.build(scope, 2, 1, 1);
        scope.parameters().get(0).assign(tensor(Shape.of(1, 2), 1, 2));
        scope.parameters().get(1).assign(tensor(Shape.of(1, 1), 10));
        scope.parameters().get(2).assign(tensor(Shape.of(1), LN3));
        return attention;
    }

    @Test
    void makesItsParameters() {
        Scope scope = scope(REFERENCE);

        AdditiveAttention.build(scope, 4, 3, 5);

        assertEquals(
                "[attention.queryWeight [5, 4], attention.keyWeight [5, 3], attention.score [5]]",
                scope.parameters().toString());
        assertUniform(scope.parameters().get(0), Math.sqrt(6.0 / 9));
        assertUniform(scope.parameters().get(1), Math.sqrt(6.0 / 8));
        assertUniform(scope.parameters().get(2), Math.sqrt(6.0 / 6));
    }

    private static void assertUniform(Parameter parameter, double bound) {
        double most = 0;
        for (float value : parameter.value().toFloats()) {
            most = Math.max(most, Math.abs(value));
        }
        assertTrue(most <= bound && most > bound / 2, parameter.path() + " reaches " + most + " of " + bound);
    }

    @Test
    void aQueryGetsTheMeanOfTheValuesUnderTheSoftmaxOfItsScores() {
        AdditiveAttention attention = byHand();
        // the query comes to 0; tanh of 0 and of 100 are 0 and 1, so the second key is worth three times the first
        Tensor query = tensor(Shape.of(1, 2), 4, -2);
        Sequences keys = Sequences.of(tensor(Shape.of(1, 2, 1), 0, 10));

        Attended found = attention.attend(query, attention.keys(keys, tensor(Shape.of(1, 2, 2), 4, 8, 8, 0)));

        assertEquals(Shape.of(1, 2), found.output().shape());
        assertArrayEquals(new float[] {7, 2}, found.output().toFloats(), 1e-6f);
        assertEquals(Shape.of(1, 2), found.weights().shape());
        assertArrayEquals(new float[] {0.25f, 0.75f}, found.weights().toFloats(), 1e-7f);
        assertArrayEquals(new float[] {7.5f}, attention.attend(query, attention.keys(keys)).output().toFloats(), 1e-6f);
    }

    @Test
    void theQueryCounts() {
        AdditiveAttention attention = byHand();
        // with the query at 100, both keys have the score ln 3 · 1
        Tensor query = tensor(Shape.of(1, 2), 60, 20);
        Sequences keys = Sequences.of(tensor(Shape.of(1, 2, 1), 0, 10));

        assertArrayEquals(
                new float[] {0.5f, 0.5f}, attention.attend(query, attention.keys(keys)).weights().toFloats(), 1e-7f);
    }

    @Test
    void paddedKeysWeighNothingAndPaddedQueriesGetNothing() {
        AdditiveAttention attention = byHand();
        Tensor queries = tensor(Shape.of(2, 2, 2), 4, -2, 60, 20, 4, -2, NAN, NAN);
        Sequences keys = Sequences.of(tensor(Shape.of(2, 3, 1), 0, 10, 20, 3, NAN, NAN), 2, 1);

        Attended found = attention.attend(Sequences.of(queries, 2, 1), attention.keys(keys));

        assertEquals(Shape.of(2, 2, 1), found.output().shape());
        assertArrayEquals(new float[] {7.5f, 5, 3, 0}, found.output().toFloats(), 1e-6f);
        assertArrayEquals(
                new float[] {0.25f, 0.75f, 0, 0.5f, 0.5f, 0, 1, 0, 0, 1, 0, 0}, found.weights().toFloats(), 1e-7f);
    }

    @Test
    void aQueryWithoutAnyKeyGetsNothing() {
        AdditiveAttention attention = byHand();
        Sequences keys = Sequences.of(Tensor.full(REFERENCE, Shape.of(1, 3, 1), NAN), 0);

        Attended found = attention.attend(tensor(Shape.of(1, 2), 1, 1), attention.keys(keys));

        assertArrayEquals(new float[1], found.output().toFloats());
        assertArrayEquals(new float[3], found.weights().toFloats());
    }

    @Test
    void manyQueriesGetWhatEachWouldByItself() {
        AdditiveAttention attention = AdditiveAttention.build(scope(REFERENCE), 4, 3, 5);
        Tensor queries = noise(REFERENCE, 1, 2, 3, 4);
        AdditiveAttention.Keys keys = attention.keys(Sequences.of(noise(REFERENCE, 2, 2, 6, 3), 6, 2));

        Attended all = attention.attend(Sequences.of(queries), keys);

        for (int t = 0; t < 3; t++) {
            Tensor query = queries.slice(1, t, t + 1).reshape(Shape.of(2, 4));
            assertArrayEquals(
                    all.output().slice(1, t, t + 1).toFloats(), attention.attend(query, keys).output().toFloats());
        }
    }

    @Test
    void hasItsGradient() {
        Scope scope = scope(REFERENCE);
        AdditiveAttention attention = AdditiveAttention.build(scope, 4, 3, 5);
        Parameter query = parameter("query", 1, 2, 4);
        Parameter keys = parameter("keys", 2, 2, 3, 3);
        Parameter values = parameter("values", 3, 2, 3, 2);
        var all = new ArrayList<>(scope.parameters());
        all.addAll(List.of(query, keys, values));

        GradCheck.check(
                all,
                () -> {
                    var known = attention.keys(Sequences.of(keys.value(), 3, 2), values.value());
                    return attention.attend(query.value(), known).output();
                });
    }

    @Test
    void gradientsOfSeveralStepsMeetInTheKeys() {
        Scope scope = scope(REFERENCE);
        AdditiveAttention attention = AdditiveAttention.build(scope, 4, 3, 5);
        Tensor first = noise(REFERENCE, 1, 2, 4);
        Tensor second = noise(REFERENCE, 2, 2, 4);
        Sequences keys = Sequences.of(noise(REFERENCE, 3, 2, 3, 3));

        var once =
                Autograd.differentiate(
                        scope.parameters(),
                        () -> {
                            var known = attention.keys(keys);
                            Tensor sum = attention.attend(first, known).output();
                            return sum.add(attention.attend(second, known).output()).sum();
                        });
        var twice =
                Autograd.differentiate(
                        scope.parameters(),
                        () -> {
                            Tensor sum = attention.attend(first, attention.keys(keys)).output();
                            return sum.add(attention.attend(second, attention.keys(keys)).output()).sum();
                        });

        for (Parameter parameter : scope.parameters()) {
            assertArrayEquals(once.of(parameter).toFloats(), twice.of(parameter).toFloats(), 1e-6f);
        }
    }

    @Test
    void whatLiesInThePaddingChangesNothing() {
        Padding.changesNothing(
                backend -> {
                    Scope scope = scope(backend);
                    AdditiveAttention attention = AdditiveAttention.build(scope, 4, 3, 9);
                    return new Padding.Subject(
                            scope.parameters(),
                            x -> attention.attend(x.get(0), attention.keys(x.get(1), x.get(2).values())).output());
                },
                List.of(Shape.of(3, 4, 4), Shape.of(3, 7, 3), Shape.of(3, 7, 2)),
                new int[] {4, 2, 1},
                new int[] {3, 0, 7},
                new int[] {3, 0, 7});
    }

    @Test
    void rejectsWhatDoesNotFit() {
        AdditiveAttention attention = AdditiveAttention.build(scope(REFERENCE), 4, 3, 5);
        Sequences keys = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 6, 3)));
        Tensor flat = Tensor.zeros(REFERENCE, Shape.of(2, 4));

        rejects(
                "additiveAttention: units must be at least 1, got 0",
                () -> AdditiveAttention.build(scope(REFERENCE), 4, 3, 0));
        rejects(
                """
                additiveAttention: keys must have rank 3 (N, T, D), got 2
                  keys     [2, 4]\
                """,
                () -> attention.keys(Sequences.of(flat)));
        rejects(
                """
                additiveAttention: values must have rank 3 (N, T, D), got 2
                  values   [2, 4]\
                """,
                () -> attention.keys(keys, flat));
        rejects(
                """
                additiveAttention: query must have rank 2 (N, D), got 3
                  query    [2, 6, 3]\
                """,
                () -> attention.attend(keys.values(), attention.keys(keys)));
        rejects(
                """
                additiveAttention: queries must have rank 3 (N, T, D), got 2
                  queries  [2, 4]\
                """,
                () -> attention.attend(Sequences.of(flat), attention.keys(keys)));
        rejects(
                """
                linear: input has 3 features but the weight expects 4
                  input    [2, 3]             (N, in)
                  weight   [5, 4]             (out, in)  attention.queryWeight\
                """,
                () -> attention.attend(Tensor.zeros(REFERENCE, Shape.of(2, 3)), attention.keys(keys)));
    }
}
