package lamella.tensor;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.RandomKernels;

import java.util.random.RandomGenerator;

/// A seeded stream of random numbers: a key and a position, which is all of its state.
///
/// Tensors are drawn on the backend by [RandomKernels]; as a [RandomGenerator] it serves the host
/// (shuffling, augmentation) from the same generator, Philox4x32-10.
public final class RandomSource implements RandomGenerator {
    private final long key;
    private long position;

    private RandomSource(long key, long position) {
        this.key = key;
        this.position = position;
    }

    /// Returns a stream at its beginning.
    public static RandomSource of(long seed) {
        return new RandomSource(seed, 0);
    }

    /// Returns a stream at a position saved earlier.
    public static RandomSource of(long key, long position) {
        return new RandomSource(key, position);
    }

    /// Returns the key: the seed, or what [#split] made of it.
    public long key() {
        return key;
    }

    /// Returns the number of blocks of four words used so far.
    public long position() {
        return position;
    }

    /// Moves to a position saved earlier.
    public void position(long position) {
        this.position = position;
    }

    /// Returns an independent stream that depends on this one's key and `name`, not on its position.
    public RandomSource split(String name) {
        long hash = key;
        for (int i = 0; i < name.length(); i++) {
            hash = Philox.mix(hash + name.charAt(i) + 1);
        }
        return new RandomSource(Philox.mix(hash), 0);
    }

    /// Returns numbers uniform in [low, high).
    public Tensor uniform(Backend backend, Shape shape, float low, float high) {
        Tensor result = Tensor.empty(backend, shape);
        backend.random().uniform(key, take(shape.size()), low, high, result.view());
        return result;
    }

    /// Returns normally distributed numbers.
    public Tensor normal(Backend backend, Shape shape, float mean, float deviation) {
        Tensor result = Tensor.empty(backend, shape);
        backend.random().normal(key, take(shape.size()), mean, deviation, result.view());
        return result;
    }

    /// Returns ones with this probability, zeros otherwise.
    public Tensor bernoulli(Backend backend, Shape shape, float probability) {
        Tensor result = Tensor.empty(backend, shape);
        backend.random().bernoulli(key, take(shape.size()), probability, result.view());
        return result;
    }

    /// Returns the numbers 0 to `count - 1` in random order (Fisher and Yates).
    public int[] permutation(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /// Returns the next 64 random bits.
    @Override
    public long nextLong() {
        return Philox.first64(key, take(1));
    }

    private long take(int elements) {
        Trace.noteDrawing();
        long start = position;
        position += (elements + 3) / 4;
        return start;
    }
}
