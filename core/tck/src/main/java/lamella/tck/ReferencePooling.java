package lamella.tck;

import lamella.array.Pool2dOptions;
import lamella.backend.PoolingKernels;
import lamella.backend.View;

import java.util.Arrays;

/// 2-D pooling, window by window.
final class ReferencePooling implements PoolingKernels {
    /// A window's cells that exist, and the output element it belongs to.
    ///
    /// @param firstRow first row inside the input
    /// @param endRow row after the last inside the input
    /// @param firstColumn first column inside the input
    /// @param endColumn column after the last inside the input
    /// @param divisor the number by which an average divides
    private record Window(int firstRow, int endRow, int firstColumn, int endColumn, int divisor) {
        static Window of(Pool2dOptions options, int i, int j, int height, int width) {
            int row = i * options.strideHeight() - options.paddingHeight();
            int column = j * options.strideWidth() - options.paddingWidth();
            return new Window(
                    Math.max(row, 0),
                    Math.min(row + options.kernelHeight(), height),
                    Math.max(column, 0),
                    Math.min(column + options.kernelWidth(), width),
                    options.divisor(i, j, height, width));
        }
    }

    private interface Visitor {
        /// Handles a window: the place of its input plane's first element, and its output's place.
        void visit(Window window, int plane, int output);
    }

    private static void forEachWindow(View x, Pool2dOptions options, View y, Visitor visitor) {
        int height = x.dim(2);
        int width = x.dim(3);
        int planes = x.dim(0) * x.dim(1);
        int output = y.offset();
        for (int p = 0; p < planes; p++) {
            for (int i = 0; i < y.dim(2); i++) {
                for (int j = 0; j < y.dim(3); j++) {
                    visitor.visit(Window.of(options, i, j, height, width), x.offset() + p * height * width, output++);
                }
            }
        }
    }

    @Override
    public void maximum(View x, Pool2dOptions options, View out) {
        double[] from = ReferenceStorage.doubles(x);
        double[] to = ReferenceStorage.doubles(out);
        forEachWindow(
                x, options, out, (window, plane, output) -> to[output] = from[largest(from, window, plane, x.dim(3))]);
    }

    @Override
    public void maximumGradient(View x, View y, View outputGradient, Pool2dOptions options, View out) {
        double[] from = ReferenceStorage.doubles(x);
        double[] gradient = ReferenceStorage.doubles(outputGradient);
        double[] to = ReferenceStorage.doubles(out);
        Arrays.fill(to, out.offset(), out.offset() + out.size(), 0);
        forEachWindow(
                x,
                options,
                outputGradient,
                (window, plane, output) -> {
                    int place = largest(from, window, plane, x.dim(3));
                    to[place - x.offset() + out.offset()] += gradient[output];
                });
    }

    /// Returns the place of the largest element, the first of several; NaN counts as the largest.
    private static int largest(double[] cells, Window window, int plane, int width) {
        int best = plane + window.firstRow * width + window.firstColumn;
        for (int row = window.firstRow; row < window.endRow; row++) {
            for (int column = window.firstColumn; column < window.endColumn; column++) {
                int place = plane + row * width + column;
                if (ReferenceReduction.exceeds(cells[place], cells[best])) {
                    best = place;
                }
            }
        }
        return best;
    }

    @Override
    public void average(View x, Pool2dOptions options, View out) {
        double[] from = ReferenceStorage.doubles(x);
        double[] to = ReferenceStorage.doubles(out);
        forEachWindow(
                x,
                options,
                out,
                (window, plane, output) -> {
                    double sum = 0;
                    for (int row = window.firstRow; row < window.endRow; row++) {
                        for (int c = window.firstColumn; c < window.endColumn; c++) {
                            sum += from[plane + row * x.dim(3) + c];
                        }
                    }
                    to[output] = sum / window.divisor;
                });
    }

    @Override
    public void averageGradient(View outputGradient, Pool2dOptions options, View out) {
        double[] gradient = ReferenceStorage.doubles(outputGradient);
        double[] to = ReferenceStorage.doubles(out);
        Arrays.fill(to, out.offset(), out.offset() + out.size(), 0);
        forEachWindow(
                out,
                options,
                outputGradient,
                (window, plane, output) -> {
                    for (int row = window.firstRow; row < window.endRow; row++) {
                        for (int c = window.firstColumn; c < window.endColumn; c++) {
                            to[plane + row * out.dim(3) + c] += gradient[output] / window.divisor;
                        }
                    }
                });
    }
}
