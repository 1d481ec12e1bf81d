package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.LayerSpec;
import lamella.nn.Loss;
import lamella.optim.OptimizerSpec;
import lamella.tensor.Tensor;

import java.util.Random;

/// A net and what it is to learn, from examples that are made up.
///
/// @param net the net
/// @param input the shape of one example
/// @param examples makes examples
/// @param loss of a batch
/// @param optimizer with its learning rate
record Task(LayerSpec net, Shape input, Examples examples, Loss loss, OptimizerSpec optimizer) {
    /// Examples and what the net is to say of them.
    record Batch(Tensor input, Tensor target) {}

    /// Makes batches.
    @FunctionalInterface
    interface Examples {
        /// Returns a batch, the same for the same seed.
        Batch make(Backend backend, int batch, long seed);
    }

    /// Returns images of normal noise, each with one of so many labels.
    static Examples images(Shape image, int classes) {
        return (backend, batch, seed) ->
                new Batch(
                        Tensor.of(backend, image.prepend(batch), noise(batch * image.size(), seed)),
                        Tensor.ofInts(backend, Shape.of(batch), integers(batch, classes, seed)));
    }

    /// Returns texts of random words, each of which is positive (1) or not (0).
    static Examples judgedTexts(int words, int vocabulary) {
        return (backend, batch, seed) ->
                new Batch(
                        text(backend, batch, words, vocabulary, seed),
                        Tensor.ofInts(backend, Shape.of(batch, 1), integers(batch, 2, seed)).toFloat());
    }

    /// Returns texts of random words, each with the word that is to follow.
    static Examples continuedTexts(int words, int vocabulary) {
        return (backend, batch, seed) ->
                new Batch(
                        text(backend, batch, words, vocabulary, seed),
                        text(backend, batch, words, vocabulary, seed + 100));
    }

    private static Tensor text(Backend backend, int batch, int words, int vocabulary, long seed) {
        return Tensor.ofInts(backend, Shape.of(batch, words), integers(batch * words, vocabulary, seed));
    }

    static float[] noise(int count, long seed) {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static int[] integers(int count, int bound, long seed) {
        var random = new Random(seed);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(bound);
        }
        return values;
    }
}
