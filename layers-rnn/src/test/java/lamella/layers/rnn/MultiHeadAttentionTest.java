package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.multiHeadAttention;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.set;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Samples.get;
import static lamella.layers.rnn.Samples.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tck.GradCheck;
import lamella.tck.SequenceTck;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

class MultiHeadAttentionTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double bound = Math.sqrt(6.0 / (4 + 4));
        return new Facts(
                multiHeadAttention(2).causal().dropout(0.25),
                "multiHeadAttention(2).causal().dropout(0.25)",
                Shape.of(3, 4),
                Shape.of(3, 4),
                List.of(
                        State.parameter("queryWeight", Shape.of(4, 4), -bound, bound),
                        State.parameter("queryBias", Shape.of(4), 0, 0),
                        State.parameter("keyWeight", Shape.of(4, 4), -bound, bound),
                        State.parameter("valueWeight", Shape.of(4, 4), -bound, bound),
                        State.parameter("valueBias", Shape.of(4), 0, 0),
                        State.parameter("outputWeight", Shape.of(4, 4), -bound, bound),
                        State.parameter("outputBias", Shape.of(4), 0, 0)));
    }

    @Test
    void oneHeadOfOneFeatureByHand() {
        Model model = model(multiHeadAttention(1), 2, 1);
        float ln3 = (float) Math.log(3);
        set(model, "queryWeight", 0);
        set(model, "queryBias", ln3);
        set(model, "keyWeight", 1);
        set(model, "valueWeight", 4);
        set(model, "valueBias", 8);
        set(model, "outputWeight", 10);
        set(model, "outputBias", 1);

        // all queries are ln 3: the scores of keys 0 and 1 are 0 and ln 3, their values 8 and 12
        assertArrayEquals(
                new float[] {10 * 11 + 1, 10 * 11 + 1},
                model.forward(tensor(Shape.of(1, 2, 1), 0, 1)).toFloats(),
                1e-4f);
    }

    @Test
    void eachHeadAttendsWithItsPartOfTheFeatures() {
        Model model = model(multiHeadAttention(3), 5, 6);
        set(model, "queryBias", 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f);
        set(model, "valueBias", 0.6f, 0.5f, 0.4f, 0.3f, 0.2f, 0.1f);
        set(model, "outputBias", 1, 2, 3, 4, 5, 6);
        Tensor x = noise(REFERENCE, 1, 2, 5, 6);

        Tensor queries = x.linear(value(model, "queryWeight"), value(model, "queryBias"));
        Tensor keys = x.linear(value(model, "keyWeight"));
        Tensor values = x.linear(value(model, "valueWeight"), value(model, "valueBias"));
        Tensor[] heads = new Tensor[3];
        for (int i = 0; i < 3; i++) {
            heads[i] =
                    DotProductAttention.attend(
                                    Sequences.of(queries.slice(2, 2 * i, 2 * i + 2)),
                                    Sequences.of(keys.slice(2, 2 * i, 2 * i + 2)),
                                    values.slice(2, 2 * i, 2 * i + 2))
                            .output();
        }
        Tensor joined = Tensor.concatenate(2, heads);
        Tensor expected = joined.linear(value(model, "outputWeight"), value(model, "outputBias"));

        assertArrayEquals(expected.toFloats(), model.forward(x).toFloats(), 1e-6f);
    }

    private static Tensor value(Model model, String name) {
        return get(model, name).value();
    }

    @Test
    void paddedStepsAreNotSeenAndGiveNothing() {
        Model model = model(multiHeadAttention(2), 5, 4);
        set(model, "outputBias", 1, 2, 3, 4);
        Tensor x = noise(REFERENCE, 1, 2, 5, 4);

        Sequences y = model.forward(Sequences.of(x, 5, 3));

        assertArrayEquals(new int[] {5, 3}, y.lengths().orElseThrow());
        Tensor second = y.values().slice(0, 1, 2);
        Tensor alone = model.forward(Sequences.of(x.slice(0, 1, 2).slice(1, 0, 3))).values();
        assertArrayEquals(alone.toFloats(), second.slice(1, 0, 3).toFloats());
        assertArrayEquals(new float[8], second.slice(1, 3, 5).toFloats());
    }

    @Test
    void causallyNoStepDependsOnALaterOne() {
        Model causal = model(multiHeadAttention(2).causal(), 5, 4);
        Model both = model(multiHeadAttention(2), 5, 4);
        Tensor x = noise(REFERENCE, 1, 1, 5, 4);
        Tensor other = Tensor.concatenate(1, x.slice(1, 0, 3), noise(REFERENCE, 2, 1, 2, 4));

        assertArrayEquals(firstThree(causal, x), firstThree(causal, other));
        assertFalse(Arrays.equals(firstThree(both, x), firstThree(both, other)));
    }

    private static float[] firstThree(Model model, Tensor x) {
        return model.forward(x).slice(1, 0, 3).toFloats();
    }

    private static MultiHeadAttention.Built crossAttention(Scope scope) {
        return multiHeadAttention(2).build(scope, Shape.of(3, 4), Shape.of(5, 6));
    }

    private static Scope scope(Backend backend) {
        return Scope.root("attention", backend, RandomSource.of(1));
    }

    @Test
    void attendsToSequencesOfAnotherKind() {
        Scope scope = scope(REFERENCE);
        MultiHeadAttention.Built attention = crossAttention(scope);
        Sequences queries = Sequences.of(noise(REFERENCE, 1, 2, 3, 4), 3, 1);
        Sequences keys = Sequences.of(noise(REFERENCE, 2, 2, 5, 6), 5, 2);

        Attended found = attention.attend(queries, keys);

        assertEquals(Shape.of(2, 3, 4), found.output().shape());
        assertEquals(Shape.of(2, 2, 3, 5), found.weights().shape());
        assertArrayEquals(new float[12], found.weights().sum(3).add(-1).toFloats(), 1e-6f);
        float[] unseen = found.weights().slice(0, 1, 2).slice(3, 2, 5).toFloats();
        assertArrayEquals(new float[unseen.length], unseen);
        assertArrayEquals(new float[8], found.output().slice(0, 1, 2).slice(1, 1, 3).toFloats());
        GradCheck.check(scope.parameters(), () -> attention.attend(queries, keys).output());
    }

    @Test
    void withoutAnyKeyTheOutputIsItsBias() {
        Scope scope = scope(REFERENCE);
        MultiHeadAttention.Built attention = crossAttention(scope);
        scope.parameters().getLast().assign(tensor(Shape.of(4), 1, 2, 3, 4));
        Tensor keys = Tensor.full(REFERENCE, Shape.of(1, 5, 6), Float.NaN);

        Attended found = attention.attend(Sequences.of(noise(REFERENCE, 1, 1, 1, 4)), Sequences.of(keys, 0));

        assertArrayEquals(new float[] {1, 2, 3, 4}, found.output().toFloats());
        assertArrayEquals(new float[10], found.weights().toFloats());
    }

    @Test
    void dropsWeightsInTrainingOnly() {
        Model model = model(multiHeadAttention(2).dropout(0.5), 5, 4);
        Model without = model(multiHeadAttention(2), 5, 4);
        Tensor x = noise(REFERENCE, 1, 1, 5, 4);

        assertArrayEquals(without.forward(x).toFloats(), model.forward(x).toFloats());
        assertFalse(
                Arrays.equals(
                        without.forward(x).toFloats(),
                        Mode.train(RandomSource.of(3), () -> model.forward(x)).toFloats()));
    }

    @Test
    void whatLiesInThePaddingChangesNothing() {
        Padding.changesNothing(multiHeadAttention(2), Shape.of(3, 7, 6), 7, 3, 0);
        Padding.changesNothing(multiHeadAttention(3).causal().dropout(0.3), Shape.of(3, 7, 6), 7, 3, 0);
        Padding.changesNothing(
                backend -> {
                    Scope scope = scope(backend);
                    MultiHeadAttention.Built attention = crossAttention(scope);
                    return new Padding.Subject(scope.parameters(), x -> attention.attend(x.get(0), x.get(1)).output());
                },
                List.of(Shape.of(3, 3, 4), Shape.of(3, 5, 6)),
                new int[] {3, 2, 1},
                new int[] {1, 0, 5});
    }

    @Test
    void whatHasADefaultMayBeLeftOut() {
        assertEquals(multiHeadAttention(8), Samples.read(Map.of("layer", "multiHeadAttention", "heads", 8)));
        assertEquals("multiHeadAttention(8)", multiHeadAttention(8).toString());
    }

    @Test
    void rejectsNonsense() {
        rejects("multiHeadAttention: heads must be at least 1, got 0", () -> multiHeadAttention(0));
        rejects("multiHeadAttention: dropout must be in [0, 1), got 1.0", () -> multiHeadAttention(1).dropout(1));
        rejectsFields("multiHeadAttention: field 'heads' is missing", Map.of("layer", "multiHeadAttention"));
        rejects(
                """
                multiHeadAttention: 64 features cannot be cut into 5 heads
                  input    [10, 64]           (one example)
                  at net = multiHeadAttention(5)\
                """,
                () -> model(multiHeadAttention(5), 10, 64));
        rejects(
                """
                multiHeadAttention: one example must have rank 2 (T, features), got 1
                  input    [64]               (one example)
                  at net = multiHeadAttention(4)\
                """,
                () -> model(multiHeadAttention(4), 64));
        Sequences flat = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 4)));
        Sequences steps = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3, 4)));
        var attention = multiHeadAttention(2).build(scope(REFERENCE), Shape.of(3, 4));
        rejects(
                """
                multiHeadAttention: queries must have rank 3 (N, T, features), got 2
                  queries  [2, 4]\
                """,
                () -> attention.attend(flat, steps));
        rejects(
                """
                multiHeadAttention: keys must have rank 3 (N, T, features), got 2
                  keys     [2, 4]\
                """,
                () -> attention.attend(steps, flat));
        rejects(
                """
                multiHeadAttention: causal attention needs as many queries as keys, got 3 and 5
                  queries  [2, 3, 4]          (N, T, D)
                  keys     [2, 5, 4]          (N, T, D)\
                """,
                () ->
                        multiHeadAttention(2)
                                .causal()
                                .build(scope(REFERENCE), Shape.of(3, 4))
                                .attend(
                                        Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3, 4))),
                                        Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 5, 4)))));
    }
}
