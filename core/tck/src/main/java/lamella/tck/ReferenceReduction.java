package lamella.tck;

import lamella.array.Shape;
import lamella.backend.ReductionKernels;
import lamella.backend.View;

import java.util.Arrays;

/// Sums, means, maxima and minima, in the order of the elements.
final class ReferenceReduction implements ReductionKernels {
    @Override
    public void reduce(Reduction op, View x, int[] axes, View out) {
        double[] from = ReferenceStorage.doubles(x);
        double[] to = ReferenceStorage.doubles(out);
        double start =
                switch (op) {
                    case SUM, MEAN -> 0;
                    case MAXIMUM -> Double.NEGATIVE_INFINITY;
                    case MINIMUM -> Double.POSITIVE_INFINITY;
                };
        Arrays.fill(to, out.offset(), out.offset() + out.size(), start);
        Shape kept = x.shape();
        int count = 1;
        for (int axis : axes) {
            kept = kept.with(axis, 1);
            count *= x.dim(axis);
        }
        for (int i = 0; i < x.size(); i++) {
            int place = out.offset() + Indices.broadcast(i, x.shape(), kept);
            double value = from[x.offset() + i];
            to[place] =
                    switch (op) {
                        case SUM, MEAN -> to[place] + value;
                        case MAXIMUM -> Math.max(to[place], value);
                        case MINIMUM -> Math.min(to[place], value);
                    };
        }
        if (op == Reduction.MEAN) {
            for (int i = 0; i < out.size(); i++) {
                to[out.offset() + i] /= count;
            }
        }
    }

    @Override
    public void argMaximum(View x, int axis, View out) {
        double[] from = ReferenceStorage.doubles(x);
        int[] to = ReferenceStorage.ints(out);
        int outer = x.shape().sizeBetween(0, axis);
        int extent = x.dim(axis);
        int inner = x.shape().sizeBetween(axis + 1, x.shape().rank());
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                int best = 0;
                for (int k = 1; k < extent; k++) {
                    double value = from[x.offset() + (o * extent + k) * inner + i];
                    double largest = from[x.offset() + (o * extent + best) * inner + i];
                    if (exceeds(value, largest)) {
                        best = k;
                    }
                }
                to[out.offset() + o * inner + i] = best;
            }
        }
    }

    /// Tells whether a value comes before the largest so far; NaN counts as the largest.
    static boolean exceeds(double value, double largest) {
        return value > largest || Double.isNaN(value) && !Double.isNaN(largest);
    }
}
