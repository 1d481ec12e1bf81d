package lamella.backend.cpu;

import lamella.array.LocalResponseOptions;
import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

/// Local response normalisation: y = x · b^−beta with b = bias + alpha / size · Σ x², the sum over
/// neighbouring channels.
///
/// Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural
/// networks", NIPS 2012, section 3.3; there alpha is not divided by the size.
final class LocalResponseNorm {
    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;

    LocalResponseNorm(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
    }

    /// One image.
    ///
    /// @param channels its channels
    /// @param plane elements of a channel
    private record Image(int channels, int plane) {
        static Image of(View x) {
            return new Image(x.dim(1), x.shape().sizeBetween(2, x.shape().rank()));
        }

        int size() {
            return channels * plane;
        }
    }

    private void forImages(View x, Image image, Workers.Range body) {
        int grain = Math.max(1, CpuElementwiseKernels.COSTLY / Math.max(1, image.size()));
        workers.split(image.size() == 0 ? 0 : x.dim(0), grain, body);
    }

    /// out = x · b^−beta.
    void forward(View x, LocalResponseOptions constants, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        Image image = Image.of(x);
        int size = image.size();
        forImages(
                x,
                image,
                (start, end) -> {
                    float[] squares = pool.take(size);
                    for (int n = start; n < end; n++) {
                        int xi = x.offset() + n * size;
                        int oi = out.offset() + n * size;
                        base(from, xi, image, constants, squares, to, oi);
                        power(to, oi, constants.beta(), size);
                        primitives.binary(Binary.MULTIPLY, to, oi, from, xi, to, oi, size);
                    }
                    pool.give(squares);
                });
    }

    /// Sets `base` to bias + alpha / size · Σ x² for one image.
    private void base(
            float[] x, int xi, Image image, LocalResponseOptions constants, float[] squares, float[] base, int bi) {
        int size = image.size();
        primitives.binary(Binary.MULTIPLY, x, xi, x, xi, squares, 0, size);
        addNeighbours(squares, image, constants.size(), base, bi);
        float factor = constants.alpha() / constants.size();
        primitives.normalize(base, bi, 0f, factor, constants.bias(), base, bi, size);
    }

    /// Sets each channel of `out` to the sum of the channels of `terms` around it.
    private void addNeighbours(float[] terms, Image image, int window, float[] out, int oi) {
        int plane = image.plane();
        int reach = window / 2;
        for (int c = 0; c < image.channels(); c++) {
            int first = Math.max(0, c - reach);
            int last = Math.min(image.channels() - 1, c + reach);
            int o = oi + c * plane;
            System.arraycopy(terms, first * plane, out, o, plane);
            for (int k = first + 1; k <= last; k++) {
                primitives.binary(Binary.ADD, out, o, terms, k * plane, out, o, plane);
            }
        }
    }

    /// Sets each element b to b^−beta; the exponent 3/4 of the paper needs two roots only.
    private static void power(float[] b, int bi, float beta, int n) {
        if (beta == 0.75f) {
            for (int i = bi; i < bi + n; i++) {
                float root = (float) Math.sqrt(b[i]);
                b[i] = 1f / (root * (float) Math.sqrt(root));
            }
        } else {
            for (int i = bi; i < bi + n; i++) {
                b[i] = (float) StrictMath.pow(b[i], -beta);
            }
        }
    }

    /// out = g · b^−beta − 2 · alpha · beta / size · x · Σ g · y / b, the sum over the same
    /// neighbours.
    void gradient(View x, View y, View outputGradient, LocalResponseOptions constants, View out) {
        float[] xs = CpuStorage.floats(x);
        float[] ys = CpuStorage.floats(y);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] to = CpuStorage.floats(out);
        Image image = Image.of(x);
        int size = image.size();
        float factor = -2f * constants.alpha() * constants.beta() / constants.size();
        forImages(
                x,
                image,
                (start, end) -> {
                    float[] terms = pool.take(size);
                    float[] sums = pool.take(size);
                    for (int n = start; n < end; n++) {
                        int xi = x.offset() + n * size;
                        int yi = y.offset() + n * size;
                        int gi = outputGradient.offset() + n * size;
                        int oi = out.offset() + n * size;
                        base(xs, xi, image, constants, terms, to, oi);
                        primitives.binary(Binary.MULTIPLY, gs, gi, ys, yi, terms, 0, size);
                        primitives.binary(Binary.DIVIDE, terms, 0, to, oi, terms, 0, size);
                        addNeighbours(terms, image, constants.size(), sums, 0);
                        primitives.binary(Binary.MULTIPLY, sums, 0, xs, xi, sums, 0, size);
                        power(to, oi, constants.beta(), size);
                        primitives.binary(Binary.MULTIPLY, to, oi, gs, gi, to, oi, size);
                        primitives.combine(to, oi, 1f, sums, 0, factor, 0f, to, oi, size);
                    }
                    pool.give(sums);
                    pool.give(terms);
                });
    }
}
