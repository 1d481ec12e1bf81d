package lamella.tck;

import lamella.backend.RandomKernels;
import lamella.backend.View;

/// Asserts the contract of random numbers.
record CheckedRandom(RandomKernels kernels, CheckedBackend.Calls calls) implements RandomKernels {
    @Override
    public void uniform(long key, long start, float low, float high, View out) {
        calls.of("random.uniform")
                .writes("out", out)
                .require(low <= high, "low is " + low + ", above high, " + high)
                .run(() -> kernels.uniform(key, start, low, high, out));
    }

    @Override
    public void normal(long key, long start, float mean, float deviation, View out) {
        calls.of("random.normal")
                .writes("out", out)
                .require(deviation >= 0, "deviation is " + deviation + ", expected at least 0")
                .run(() -> kernels.normal(key, start, mean, deviation, out));
    }

    @Override
    public void bernoulli(long key, long start, float probability, View out) {
        calls.of("random.bernoulli")
                .writes("out", out)
                .require(probability >= 0 && probability <= 1, "probability is " + probability + ", expected [0, 1]")
                .run(() -> kernels.bernoulli(key, start, probability, out));
    }
}
