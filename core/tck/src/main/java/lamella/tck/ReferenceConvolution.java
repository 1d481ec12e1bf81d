package lamella.tck;

import lamella.array.Conv2dOptions;
import lamella.backend.ConvolutionKernels;
import lamella.backend.View;

import java.util.Arrays;
import java.util.Optional;

/// 2-D cross-correlation: all three kernels walk the same products of the definition, `y[n, o, i,
/// j] += x[n, c, i·s + u·d − p, j·s + v·d − p] · w[o, c, u, v]`.
final class ReferenceConvolution implements ConvolutionKernels {
    /// One product: places in x, w and y.
    private interface Product {
        void at(int x, int weight, int y);
    }

    @Override
    public void forward(View x, View weight, Optional<View> bias, Conv2dOptions options, View out) {
        double[] input = ReferenceStorage.doubles(x);
        double[] filter = ReferenceStorage.doubles(weight);
        double[] to = ReferenceStorage.doubles(out);
        int plane = out.dim(2) * out.dim(3);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = bias.isPresent() ? at(bias.get(), i / plane % out.dim(1)) : 0;
        }
        forEachProduct(x, weight, out, options, (i, w, y) -> to[y] += input[i] * filter[w]);
    }

    private static double at(View view, int index) {
        return ReferenceStorage.doubles(view)[view.offset() + index];
    }

    @Override
    public void inputGradient(View outputGradient, View weight, Conv2dOptions options, View out) {
        double[] gradient = ReferenceStorage.doubles(outputGradient);
        double[] filter = ReferenceStorage.doubles(weight);
        double[] to = ReferenceStorage.doubles(out);
        Arrays.fill(to, out.offset(), out.offset() + out.size(), 0);
        forEachProduct(out, weight, outputGradient, options, (x, w, y) -> to[x] += gradient[y] * filter[w]);
    }

    @Override
    public void weightGradient(View x, View outputGradient, Conv2dOptions options, View out) {
        double[] input = ReferenceStorage.doubles(x);
        double[] gradient = ReferenceStorage.doubles(outputGradient);
        double[] to = ReferenceStorage.doubles(out);
        Arrays.fill(to, out.offset(), out.offset() + out.size(), 0);
        forEachProduct(x, out, outputGradient, options, (i, w, y) -> to[w] += gradient[y] * input[i]);
    }

    private static void forEachProduct(View x, View weight, View y, Conv2dOptions options, Product product) {
        int channels = weight.dim(1);
        int filters = y.dim(1) / options.groups();
        for (int n = 0; n < y.dim(0); n++) {
            for (int o = 0; o < y.dim(1); o++) {
                int group = o / filters;
                for (int c = 0; c < channels; c++) {
                    int xPlane = (n * x.dim(1) + group * channels + c) * x.dim(2) * x.dim(3);
                    int wPlane = (o * channels + c) * weight.dim(2) * weight.dim(3);
                    int yPlane = (n * y.dim(1) + o) * y.dim(2) * y.dim(3);
                    forEachProduct(
                            x,
                            x.offset() + xPlane,
                            weight,
                            weight.offset() + wPlane,
                            y,
                            y.offset() + yPlane,
                            options,
                            product);
                }
            }
        }
    }

    /// One input plane, one kernel plane, one output plane.
    private static void forEachProduct(
            View x, int xPlane, View weight, int wPlane, View y, int yPlane, Conv2dOptions options, Product product) {
        int height = x.dim(2);
        int width = x.dim(3);
        int kernelHeight = weight.dim(2);
        int kernelWidth = weight.dim(3);
        int rows = y.dim(2);
        int columns = y.dim(3);
        for (int i = 0; i < rows; i++) {
            for (int u = 0; u < kernelHeight; u++) {
                int row = i * options.strideHeight() + u * options.dilationHeight() - options.paddingHeight();
                for (int j = 0; j < columns && row >= 0 && row < height; j++) {
                    for (int v = 0; v < kernelWidth; v++) {
                        int column = j * options.strideWidth() + v * options.dilationWidth() - options.paddingWidth();
                        if (column >= 0 && column < width) {
                            product.at(
                                    xPlane + row * width + column,
                                    wPlane + u * kernelWidth + v,
                                    yPlane + i * columns + j);
                        }
                    }
                }
            }
        }
    }
}
