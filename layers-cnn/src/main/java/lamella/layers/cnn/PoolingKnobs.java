package lamella.layers.cnn;

import lamella.array.Pool2dOptions;
import lamella.nn.Fields;

/// The knobs that the 2-D poolings share: in model files, in code, and with a height and a width of
/// their own. The usual stride is the kernel: windows side by side.
final class PoolingKnobs {
    private static final Pair ZERO = Pair.square(0);

    private PoolingKnobs() {}

    static Pool2dOptions read(Fields in) {
        Pair kernel = Pair.read(in, "kernel");
        Pair stride = Pair.read(in, "stride", kernel);
        Pair padding = Pair.read(in, "padding", ZERO);
        return of(kernel, stride, padding, in.flag("partial", false), true);
    }

    static void write(Pool2dOptions options, Fields.Writer out) {
        kernel(options).write(out, "kernel");
        stride(options).write(out, "stride");
        padding(options).write(out, "padding");
        out.put("partial", options.partial());
    }

    /// Returns kernel and withers: `(3).stride(2).padding(1)`.
    static String code(Pool2dOptions options) {
        return "("
                + kernel(options)
                + ")"
                + stride(options).call("stride", kernel(options))
                + padding(options).call("padding", ZERO)
                + (options.partial() ? ".partial()" : "");
    }

    static Pool2dOptions of(int kernelHeight, int kernelWidth) {
        Pair kernel = new Pair(kernelHeight, kernelWidth);
        return of(kernel, kernel, ZERO, false, true);
    }

    static Pool2dOptions stride(Pool2dOptions old, int height, int width) {
        Pair stride = new Pair(height, width);
        return of(kernel(old), stride, padding(old), old.partial(), old.countPadding());
    }

    static Pool2dOptions padding(Pool2dOptions old, int height, int width) {
        Pair padding = new Pair(height, width);
        return of(kernel(old), stride(old), padding, old.partial(), old.countPadding());
    }

    private static Pool2dOptions of(Pair kernel, Pair stride, Pair padding, boolean partial, boolean countPadding) {
        return new Pool2dOptions(
                kernel.height(),
                kernel.width(),
                stride.height(),
                stride.width(),
                padding.height(),
                padding.width(),
                partial,
                countPadding);
    }

    private static Pair kernel(Pool2dOptions options) {
        return new Pair(options.kernelHeight(), options.kernelWidth());
    }

    private static Pair stride(Pool2dOptions options) {
        return new Pair(options.strideHeight(), options.strideWidth());
    }

    private static Pair padding(Pool2dOptions options) {
        return new Pair(options.paddingHeight(), options.paddingWidth());
    }
}
