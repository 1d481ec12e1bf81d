package lamella.backend.cpu;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ReductionKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Sums, means and extremes. The axes collapse to groups that are alternately kept and reduced; if
/// the innermost group is reduced, an output element is made of whole rows of x, else a row of the
/// output is.
final class CpuReductionKernels implements ReductionKernels {
    /// A row longer than this is summed in parts of this length, on several threads.
    private static final int SEGMENT = 65_536;

    /// Columns that are reduced together: 4 KiB, so that they stay in the first-level cache.
    private static final int TILE = 1024;

    private final Workers workers;
    private final Primitives primitives;
    private final ColumnSums columnSums;

    CpuReductionKernels(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.primitives = primitives;
        this.columnSums = new ColumnSums(workers, pool, primitives);
    }

    @Override
    public void reduce(Reduction op, View x, int[] axes, View out) {
        if (out.size() == 0) {
            return;
        }
        if (x.size() == 0) {
            float[] to = CpuStorage.floats(out);
            Arrays.fill(to, out.offset(), out.offset() + out.size(), ofNone(op));
            return;
        }
        var groups = new Groups(x, axes);
        if (groups.innermostReduced()) {
            reduceRows(op, x, groups, out);
        } else {
            reduceColumns(op, x, groups, out);
        }
    }

    private static float ofNone(Reduction op) {
        return switch (op) {
            case SUM -> 0f;
            case MEAN -> Float.NaN;
            case MAXIMUM -> Float.NEGATIVE_INFINITY;
            case MINIMUM -> Float.POSITIVE_INFINITY;
        };
    }

    /// The axes of x, parted into those that stay and those that go.
    ///
    /// @param kept the axes that stay
    /// @param reduced the axes that go
    private record Groups(Axes kept, Axes reduced) {
        Groups(View x, int[] axes) {
            this(axes(x, axes, false), axes(x, axes, true));
        }

        private static Axes axes(View x, int[] reduced, boolean wanted) {
            int[] strides = Axes.strides(x.shape());
            int[] dims = x.shape().dims();
            for (int i = 0; i < dims.length; i++) {
                int axis = i;
                if (Arrays.stream(reduced).anyMatch(r -> r == axis) != wanted) {
                    dims[i] = 1;
                }
            }
            return new Axes(dims, strides, strides);
        }

        /// An axis of stride 1 is among the reduced ones; where all have extent 1, both are.
        boolean innermostReduced() {
            return reduced.first(reduced.rank() - 1) == 1;
        }
    }

    private void reduceRows(Reduction op, View x, Groups groups, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        Axes kept = groups.kept();
        Axes reduced = groups.reduced();
        int inner = reduced.rank() - 1;
        int n = reduced.dim(inner);
        int rows = reduced.count(inner);
        if (out.size() == 1 && rows == 1 && n > SEGMENT) {
            to[out.offset()] = reduceLong(op, from, x.offset(), n);
            return;
        }
        int grain = (int) Math.max(1, CpuElementwiseKernels.CHEAP / ((long) rows * n));
        workers.split(
                out.size(),
                grain,
                (start, end) -> {
                    var base = kept.odometer(kept.rank(), start);
                    var row = reduced.odometer(inner, 0);
                    for (int i = start; i < end; i++, base.next()) {
                        double sum = ofNone(op == Reduction.MEAN ? Reduction.SUM : op);
                        for (int r = 0; r < rows; r++, row.next()) {
                            int at = x.offset() + base.first() + row.first();
                            sum = plus(op, sum, reduceRow(op, from, at, n));
                        }
                        to[out.offset() + i] = finish(op, sum, (long) rows * n);
                    }
                });
    }

    private float reduceLong(Reduction op, float[] from, int offset, int n) {
        double[] parts = new double[Math.ceilDiv(n, SEGMENT)];
        workers.run(
                parts.length,
                i -> {
                    int start = i * SEGMENT;
                    int count = Math.min(SEGMENT, n - start);
                    parts[i] = reduceRow(op, from, offset + start, count);
                });
        double sum = parts[0];
        for (int i = 1; i < parts.length; i++) {
            sum = plus(op, sum, parts[i]);
        }
        return finish(op, sum, n);
    }

    private double reduceRow(Reduction op, float[] from, int at, int n) {
        return switch (op) {
            case SUM, MEAN -> primitives.sum(from, at, n);
            case MAXIMUM -> primitives.maximum(from, at, n);
            case MINIMUM -> primitives.minimum(from, at, n);
        };
    }

    private static double plus(Reduction op, double a, double b) {
        return switch (op) {
            case SUM, MEAN -> a + b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }

    private static float finish(Reduction op, double value, long count) {
        return switch (op) {
            case SUM, MAXIMUM, MINIMUM -> (float) value;
            case MEAN -> (float) (value / count);
        };
    }

    private void reduceColumns(Reduction op, View x, Groups groups, View out) {
        Axes kept = groups.kept();
        int inner = kept.rank() - 1;
        int n = kept.dim(inner);
        int outer = kept.count(inner);
        switch (op) {
            case SUM, MEAN -> {
                Axes reduced = groups.reduced();
                int rows = reduced.count(reduced.rank());
                double factor = op == Reduction.MEAN ? 1.0 / rows : 1.0;
                int grain = (int) Math.max(1, CpuElementwiseKernels.CHEAP / ((long) rows * n));
                workers.split(
                        outer,
                        grain,
                        (start, end) -> {
                            var base = kept.odometer(inner, start);
                            for (int i = start; i < end; i++, base.next()) {
                                columnSums.sum(
                                        CpuStorage.floats(x),
                                        x.offset() + base.first(),
                                        reduced,
                                        n,
                                        factor,
                                        CpuStorage.floats(out),
                                        out.offset() + i * n);
                            }
                        });
            }
            case MAXIMUM -> extremes(Binary.MAXIMUM, x, groups, out);
            case MINIMUM -> extremes(Binary.MINIMUM, x, groups, out);
        }
    }

    private void extremes(Binary op, View x, Groups groups, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        Axes kept = groups.kept();
        Axes reduced = groups.reduced();
        int inner = kept.rank() - 1;
        int n = kept.dim(inner);
        int outer = kept.count(inner);
        int rows = reduced.count(reduced.rank());
        int tiles = Math.ceilDiv(n, TILE);
        int grain = (int) Math.max(1, CpuElementwiseKernels.CHEAP / ((long) rows * n / tiles + 1));
        workers.split(
                outer * tiles,
                grain,
                (start, end) -> {
                    var row = reduced.odometer(reduced.rank(), 0);
                    for (int task = start; task < end; task++) {
                        int column = task % tiles * TILE;
                        int width = Math.min(TILE, n - column);
                        int base = kept.odometer(inner, task / tiles).first();
                        int at = x.offset() + base + column;
                        int o = out.offset() + task / tiles * n + column;
                        System.arraycopy(from, at + row.first(), to, o, width);
                        row.next();
                        for (int r = 1; r < rows; r++, row.next()) {
                            primitives.binary(op, to, o, from, at + row.first(), to, o, width);
                        }
                    }
                });
    }

    @Override
    public void argMaximum(View x, int axis, View out) {
        float[] from = CpuStorage.floats(x);
        int[] to = CpuStorage.ints(out);
        int length = x.dim(axis);
        int inner = x.shape().sizeBetween(axis + 1, x.shape().rank());
        int outer = x.shape().sizeBetween(0, axis);
        int grain = (int) Math.max(1, CpuElementwiseKernels.COSTLY / ((long) length * inner + 1));
        workers.split(
                inner == 0 ? 0 : outer,
                grain,
                (start, end) -> {
                    for (int i = start; i < end; i++) {
                        int at = x.offset() + i * length * inner;
                        if (inner == 1) {
                            to[out.offset() + i] = firstLargest(from, at, length);
                        } else {
                            firstLargest(from, at, length, inner, to, out.offset() + i * inner);
                        }
                    }
                });
    }

    private int firstLargest(float[] from, int at, int length) {
        float most = primitives.maximum(from, at, length);
        for (int k = 0; k < length; k++) {
            float value = from[at + k];
            if (value == most || value != value) {
                return k;
            }
        }
        return 0;
    }

    private static void firstLargest(float[] from, int at, int length, int inner, int[] to, int o) {
        Arrays.fill(to, o, o + inner, 0);
        for (int k = 1; k < length; k++) {
            for (int j = 0; j < inner; j++) {
                float value = from[at + k * inner + j];
                float most = from[at + to[o + j] * inner + j];
                if (value > most || (value != value && most == most)) {
                    to[o + j] = k;
                }
            }
        }
    }
}
