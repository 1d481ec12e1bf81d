package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.Frozen;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Layers;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Predictor;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// What every layer must pass: its test is a subclass that says what its documentation says. Runs
/// on the [ReferenceBackend].
///
/// {@snippet :
/// final class DenseTest extends LayerTck {
///     @Override
///     protected Facts facts() {
///         return new Facts(
///                 dense(3),
///                 "dense(3)",
///                 Shape.of(4),
///                 Shape.of(3),
///                 List.of(
///                         State.parameter("weight", Shape.of(3, 4), -0.5, 0.5),
///                         State.parameter("bias", Shape.of(3), -0.5, 0.5)));
///     }
/// }
/// }
public abstract class LayerTck {
    static final int SEED = 17;
    static final int BATCH = 3;

    /// What a layer's documentation says of one example of it.
    ///
    /// @param spec the recipe
    /// @param text the code that makes the recipe, as it prints
    /// @param input the shape of one input, without the batch axis; small
    /// @param output the shape of one output, without the batch axis
    /// @param state parameters and buffers, in the order in which they are made
    public record Facts(LayerSpec spec, String text, Shape input, Shape output, List<State> state) {}

    /// A parameter or buffer.
    ///
    /// @param name its path below the layer: `weight`
    /// @param shape its extents
    /// @param trainable false for buffers
    /// @param low the least initial value
    /// @param high the largest initial value
    /// @param drawn whether the initial values depend on the seed
    public record State(String name, Shape shape, boolean trainable, double low, double high, boolean drawn) {
        /// Returns a trainable parameter that begins with random values, or with a constant where `low` is `high`.
        public static State parameter(String name, Shape shape, double low, double high) {
            return new State(name, shape, true, low, high, low < high);
        }

        /// Returns a trainable parameter that begins with the same values whatever the seed, such as a bias of which a
        /// part is 1.
        public static State fixed(String name, Shape shape, double low, double high) {
            return new State(name, shape, true, low, high, false);
        }

        /// Returns a buffer that begins as a constant.
        public static State buffer(String name, Shape shape, double value) {
            return new State(name, shape, false, value, value, false);
        }
    }

    final ReferenceBackend reference = ReferenceBackend.create();

    /// For subclasses.
    protected LayerTck() {}

    /// Returns what the layer's documentation says.
    protected abstract Facts facts();

    /// Returns the kinds of layers with which models are saved.
    protected LayerCatalog catalog() {
        return LayerCatalog.installed();
    }

    /// Returns a batch of inputs: unless overridden, different numbers in [−1, 1), none of them 0,
    /// in random order, so that no kink and no tie is near. Ids for a layer that takes ids.
    ///
    /// @param shape with the batch axis
    protected Tensor batch(Backend backend, Shape shape) {
        return different(backend, shape);
    }

    private static Tensor different(Backend backend, Shape shape) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, shape.size()).boxed().toList());
        Collections.shuffle(order, new Random(SEED));
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * order.get(i) + 1.3f) / values.length - 1;
        }
        return Tensor.of(backend, shape, values);
    }

    final Model build(long seed) {
        Facts facts = facts();
        return Model.build(Layers.named("layer", facts.spec()), facts.input(), reference, seed);
    }

    final Tensor batch() {
        return batch(reference, facts().input().prepend(BATCH));
    }

    private static Tensor train(Model model, Tensor x) {
        return Mode.train(RandomSource.of(SEED), () -> model.forward(x));
    }

    @Test
    final void printsTheCodeThatMakesIt() {
        assertEquals(facts().text(), facts().spec().toString());
    }

    @Test
    final void givesTheDocumentedOutputShape() {
        Model model = build(SEED);
        assertEquals(facts().output(), model.output());
        assertEquals(facts().output().prepend(BATCH), model.forward(batch()).shape());
        assertEquals(facts().output().prepend(BATCH), train(model, batch()).shape());
        Tensor one = batch(reference, facts().input().prepend(1));
        assertEquals(facts().output().prepend(1), model.forward(one).shape());
    }

    @Test
    final void hasTheDocumentedState() {
        List<String> documented =
                facts().state().stream().map(s -> text("layer." + s.name(), s.shape(), s.trainable())).toList();
        List<String> made = build(SEED).state().stream().map(p -> text(p.path(), p.shape(), p.trainable())).toList();
        assertEquals(documented, made);
    }

    private static String text(String path, Shape shape, boolean trainable) {
        return path + " " + shape + (trainable ? "" : " buffer");
    }

    @Test
    final void initialValuesFillTheDocumentedRange() {
        List<Parameter> made = build(SEED).state();
        for (int i = 0; i < made.size(); i++) {
            State documented = facts().state().get(i);
            double[] values = reference.values(made.get(i).value().view());
            double least = Arrays.stream(values).min().orElseThrow();
            double most = Arrays.stream(values).max().orElseThrow();
            String text =
                    "%s begins in [%s, %s], documented [%s, %s]"
                            .formatted(made.get(i).path(), least, most, documented.low(), documented.high());
            // documented bounds such as 1/√5 are rounded to float32 by the layer
            double slack = 1e-6 * Math.max(Math.abs(least), Math.abs(most));
            assertTrue(least >= documented.low() - slack, text);
            assertTrue(most <= documented.high() + slack, text);
            double range = documented.high() - documented.low();
            if (values.length >= 20 && Double.isFinite(range)) {
                assertTrue(most - least >= range / 2, text);
            }
        }
    }

    @Test
    final void isTheSameAfterSavingAndLoading(@TempDir Path folder) {
        LayerCatalog catalog = catalog();
        assertEquals(facts().spec(), catalog.read(catalog.write(facts().spec())));
        Model model = build(SEED);
        train(model, batch());
        Path file = folder.resolve("layer.safetensors");
        ModelFile.save(file, model, catalog, List.of(), Map.of());
        Model loaded = ModelFile.open(file).model(catalog, reference);
        assertEquals(model.spec(), loaded.spec());
        assertEquals(model.state().toString(), loaded.state().toString());
        for (int i = 0; i < model.state().size(); i++) {
            assertArrayEquals(
                    model.state().get(i).value().toFloats(),
                    loaded.state().get(i).value().toFloats(),
                    model.state().get(i).path());
        }
    }

    @Test
    final void gradientsAgreeWithCentralDifferences() {
        Model model = build(SEED);
        var checked = new ArrayList<>(model.parameters());
        Tensor x = batch();
        if (x.type() == DType.FLOAT32) {
            Parameter input = Parameter.of("input", x, true);
            checked.add(input);
            GradCheck.check(checked, () -> model.forward(input.value()));
            GradCheck.check(checked, () -> train(model, input.value()));
        } else if (!checked.isEmpty()) {
            GradCheck.check(checked, () -> model.forward(x));
            GradCheck.check(checked, () -> train(model, x));
        }
    }

    @Test
    final void gradientReachesEveryParameter() {
        Model model = build(SEED);
        Tensor x = batch();
        Gradients gradients =
                Autograd.differentiate(
                        model.parameters(),
                        () -> {
                            Tensor y = train(model, x);
                            return y.multiply(different(reference, y.shape())).sum();
                        });
        for (Parameter parameter : model.parameters()) {
            double[] gradient = reference.values(gradients.of(parameter).view());
            assertTrue(
                    Arrays.stream(gradient).anyMatch(g -> g != 0), "the gradient of " + parameter.path() + " is zero");
        }
    }

    @Test
    final void oneSeedGivesOneResult() {
        Model model = build(SEED);
        Model again = build(SEED);
        Model other = build(SEED + 1);
        for (int i = 0; i < model.state().size(); i++) {
            double[] values = values(model, i);
            assertArrayEquals(values, values(again, i));
            State documented = facts().state().get(i);
            boolean differs = !Arrays.equals(values, values(other, i));
            assertEquals(
                    documented.drawn(),
                    differs,
                    documented.name() + (differs ? " depends" : " does not depend") + " on the seed");
        }
        assertArrayEquals(train(model, batch()).toFloats(), train(again, batch()).toFloats());
    }

    private double[] values(Model model, int state) {
        return reference.values(model.state().get(state).value().view());
    }

    @Test
    final void inferenceChangesNoStateAndTreatsExamplesOneByOne() {
        Model model = build(SEED);
        double[][] before =
                IntStream.range(0, model.state().size()).mapToObj(i -> values(model, i)).toArray(double[][]::new);
        Tensor x = batch();
        float[] together = model.forward(x).toFloats();
        int size = together.length / BATCH;
        for (int n = 0; n < BATCH; n++) {
            float[] alone = model.forward(x.slice(0, n, n + 1)).toFloats();
            assertArrayEquals(
                    Arrays.copyOfRange(together, n * size, (n + 1) * size),
                    alone,
                    "example " + n + " depends on its batch");
        }
        for (int i = 0; i < before.length; i++) {
            assertArrayEquals(before[i], values(model, i), model.state().get(i).path());
        }
    }

    @Test
    final void isTheSameFrozenAndStaysSo() {
        Model model = build(SEED);
        train(model, batch()); // moves what a layer keeps beside its parameters
        float[] expected = model.forward(batch()).toFloats();
        Frozen frozen = model.freeze();
        for (Parameter parameter : model.state()) {
            parameter.assign(Tensor.zeros(reference, parameter.shape()));
        }
        assertArrayEquals(expected, frozen.forward(batch()).toFloats(), 1e-5f);
    }

    /// Kernels that a layer calls by itself, past the operations of tensors, would be missing from the plan.
    @Test
    final void predictsTheSameByAPlan() {
        Frozen frozen = build(SEED).freeze();
        Predictor predictor = frozen.predictor(BATCH);
        Tensor x = batch();
        float[] actual = new float[BATCH * facts().output().size()];
        if (x.type() == DType.INT32) {
            predictor.predict(x.toInts(), actual);
        } else {
            predictor.predict(x.toFloats(), actual);
        }
        assertArrayEquals(frozen.forward(x).toFloats(), actual);
    }

    @Test
    final void learnsAFewExamplesByHeart() {
        var training = LayerTraining.of(reference, facts().spec(), facts().input());
        Tensor x = batch(reference, facts().input().prepend(LayerTraining.EXAMPLES));
        double before = training.loss(x);
        training.run(x);
        double after = training.loss(x);
        assertTrue(after < before / 2, "the loss goes from " + before + " to " + after + ", not below half");
    }
}
