package lamella.layers.cnn;

import lamella.array.Conv2dOptions;
import lamella.nn.Fields;

/// The knobs that the 2-D convolutions share: in model files, in code, and with a height and a
/// width of their own.
final class ConvolutionKnobs {
    private static final Pair ONE = Pair.square(1);
    private static final Pair ZERO = Pair.square(0);

    private ConvolutionKnobs() {}

    static Conv2dOptions read(Fields in) {
        Pair stride = Pair.read(in, "stride", ONE);
        Pair padding = Pair.read(in, "padding", ZERO);
        Pair dilation = Pair.read(in, "dilation", ONE);
        return of(stride, padding, dilation, in.integer("groups", 1));
    }

    static void write(Conv2dOptions options, Fields.Writer out) {
        stride(options).write(out, "stride");
        padding(options).write(out, "padding");
        dilation(options).write(out, "dilation");
        out.put("groups", options.groups());
    }

    /// Returns the withers that make the options from the usual ones: `.stride(2).padding(1)`.
    static String code(Conv2dOptions options) {
        return stride(options).call("stride", ONE)
                + padding(options).call("padding", ZERO)
                + dilation(options).call("dilation", ONE)
                + (options.groups() == 1 ? "" : ".groups(" + options.groups() + ")");
    }

    static Conv2dOptions stride(Conv2dOptions old, int height, int width) {
        return of(new Pair(height, width), padding(old), dilation(old), old.groups());
    }

    static Conv2dOptions padding(Conv2dOptions old, int height, int width) {
        return of(stride(old), new Pair(height, width), dilation(old), old.groups());
    }

    static Conv2dOptions dilation(Conv2dOptions old, int height, int width) {
        return of(stride(old), padding(old), new Pair(height, width), old.groups());
    }

    private static Conv2dOptions of(Pair stride, Pair padding, Pair dilation, int groups) {
        return new Conv2dOptions(
                stride.height(),
                stride.width(),
                padding.height(),
                padding.width(),
                dilation.height(),
                dilation.width(),
                groups);
    }

    private static Pair stride(Conv2dOptions options) {
        return new Pair(options.strideHeight(), options.strideWidth());
    }

    private static Pair padding(Conv2dOptions options) {
        return new Pair(options.paddingHeight(), options.paddingWidth());
    }

    private static Pair dilation(Conv2dOptions options) {
        return new Pair(options.dilationHeight(), options.dilationWidth());
    }
}
