package lamella.backend.cpu;

import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// Copies a box of elements, float32 or int32, between two arrays with strides of their own.
final class StridedCopy {
    /// Side of the squares in which a transposition goes, 16 floats being a cache line.
    private static final int SQUARE = 16;

    private StridedCopy() {}

    /// A position in a `float[]` or an `int[]`.
    ///
    /// @param array the array
    /// @param offset the index of the first element
    record Place(Object array, int offset) {
        /// Sets the elements `start` to `end - 1` from here to a value, rounded if they are int32.
        void fill(int start, int end, float value) {
            switch (array) {
                case float[] floats -> Arrays.fill(floats, offset + start, offset + end, value);
                case int[] ints -> Arrays.fill(ints, offset + start, offset + end, Math.round(value));
                default -> throw new IllegalStateException("copy: not an array of numbers");
            }
        }

        Place plus(int distance) {
            return new Place(array, offset + distance);
        }
    }

    /// Copies the box `axes`, whose first strides are those of `source`, the second of `target`.
    static void run(Workers workers, Axes axes, Place source, Place target) {
        int inner = axes.rank() - 1;
        int close = closeAxis(axes);
        boolean apart = axes.first(inner) != 0 && axes.first(inner) != 1;
        if (apart && axes.second(inner) == 1 && close >= 0) {
            transpose(workers, axes.move(close, inner - 1), source, target);
            return;
        }
        int n = axes.dim(inner);
        int rows = axes.count(inner);
        if (rows == 1) {
            workers.split(
                    n,
                    CpuElementwiseKernels.CHEAP,
                    (start, end) ->
                            row(
                                    source,
                                    start * axes.first(inner),
                                    axes.first(inner),
                                    target,
                                    start * axes.second(inner),
                                    axes.second(inner),
                                    end - start));
            return;
        }
        workers.split(
                rows,
                Math.max(1, CpuElementwiseKernels.CHEAP / n),
                (start, end) -> {
                    var at = axes.odometer(inner, start);
                    for (int r = start; r < end; r++, at.next()) {
                        row(source, at.first(), axes.first(inner), target, at.second(), axes.second(inner), n);
                    }
                });
    }

    /// Returns the axis along which neighbours are side by side in the source, or -1.
    private static int closeAxis(Axes axes) {
        for (int i = 0; i < axes.rank() - 1; i++) {
            if (axes.first(i) == 1) {
                return i;
            }
        }
        return -1;
    }

    private static void row(Place from, int f, int fStride, Place to, int t, int tStride, int n) {
        if (fStride == 1 && tStride == 1) {
            System.arraycopy(from.array(), from.offset() + f, to.array(), to.offset() + t, n);
            return;
        }
        switch (from.array()) {
            case float[] floats ->
                    row(floats, from.offset() + f, fStride, (float[]) to.array(), to.offset() + t, tStride, n);
            case int[] ints -> row(ints, from.offset() + f, fStride, (int[]) to.array(), to.offset() + t, tStride, n);
            default -> throw new IllegalStateException("copy: not an array of numbers");
        }
    }

    private static void row(float[] from, int f, int fStride, float[] to, int t, int tStride, int n) {
        if (fStride == 0 && tStride == 1) {
            Arrays.fill(to, t, t + n, from[f]);
            return;
        }
        for (int i = 0; i < n; i++) {
            to[t + i * tStride] = from[f + i * fStride];
        }
    }

    private static void row(int[] from, int f, int fStride, int[] to, int t, int tStride, int n) {
        if (fStride == 0 && tStride == 1) {
            Arrays.fill(to, t, t + n, from[f]);
            return;
        }
        for (int i = 0; i < n; i++) {
            to[t + i * tStride] = from[f + i * fStride];
        }
    }

    /// Copies where the innermost two axes change places: the second last is side by side in the
    /// source, the last in the target. In squares, so that each cache line is read and written
    /// once.
    private static void transpose(Workers workers, Axes axes, Place source, Place target) {
        int columnAxis = axes.rank() - 1;
        int rowAxis = columnAxis - 1;
        int rows = axes.dim(rowAxis);
        int columns = axes.dim(columnAxis);
        int bands = Math.ceilDiv(rows, SQUARE);
        int tasks = axes.count(rowAxis) * bands;
        int grain = Math.max(1, CpuElementwiseKernels.COSTLY / (SQUARE * columns));
        workers.split(
                tasks,
                grain,
                (start, end) -> {
                    for (int task = start; task < end; task++) {
                        var at = axes.odometer(rowAxis, task / bands);
                        int first = task % bands * SQUARE;
                        int count = Math.min(SQUARE, rows - first);
                        int step = axes.second(rowAxis);
                        band(
                                source.plus(at.first() + first),
                                axes.first(columnAxis),
                                target.plus(at.second() + first * step),
                                step,
                                count,
                                columns);
                    }
                });
    }

    private static void band(Place from, int fStep, Place to, int tStep, int rows, int columns) {
        switch (from.array()) {
            case float[] floats ->
                    band(floats, from.offset(), fStep, (float[]) to.array(), to.offset(), tStep, rows, columns);
            case int[] ints -> band(ints, from.offset(), fStep, (int[]) to.array(), to.offset(), tStep, rows, columns);
            default -> throw new IllegalStateException("copy: not an array of numbers");
        }
    }

    private static void band(float[] from, int f, int fStep, float[] to, int t, int tStep, int rows, int columns) {
        for (int first = 0; first < columns; first += SQUARE) {
            int end = Math.min(columns, first + SQUARE);
            for (int i = 0; i < rows; i++) {
                for (int j = first; j < end; j++) {
                    to[t + i * tStep + j] = from[f + i + j * fStep];
                }
            }
        }
    }

    private static void band(int[] from, int f, int fStep, int[] to, int t, int tStep, int rows, int columns) {
        for (int first = 0; first < columns; first += SQUARE) {
            int end = Math.min(columns, first + SQUARE);
            for (int i = 0; i < rows; i++) {
                for (int j = first; j < end; j++) {
                    to[t + i * tStep + j] = from[f + i + j * fStep];
                }
            }
        }
    }
}
