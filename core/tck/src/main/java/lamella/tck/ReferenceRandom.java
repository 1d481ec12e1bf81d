package lamella.tck;

import lamella.backend.RandomKernels;
import lamella.backend.View;

/// Random numbers, each made from its own words.
final class ReferenceRandom implements RandomKernels {
    private static double unit(long key, long start, int index) {
        return Philox.unit(Philox.word(key, start, index));
    }

    @Override
    public void uniform(long key, long start, float low, float high, View out) {
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = low + ((double) high - low) * unit(key, start, i);
        }
    }

    @Override
    public void normal(long key, long start, float mean, float deviation, View out) {
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            int first = i - i % 2;
            double radius = Math.sqrt(-2 * Math.log(1 - unit(key, start, first)));
            double angle = 2 * Math.PI * unit(key, start, first + 1);
            double z = radius * (i % 2 == 0 ? Math.cos(angle) : Math.sin(angle));
            to[out.offset() + i] = mean + deviation * z;
        }
    }

    @Override
    public void bernoulli(long key, long start, float probability, View out) {
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = unit(key, start, i) < probability ? 1 : 0;
        }
    }
}
