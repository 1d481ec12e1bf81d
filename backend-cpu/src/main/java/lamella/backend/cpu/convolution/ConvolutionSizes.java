package lamella.backend.cpu.convolution;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;

/// The extents of a 2-D convolution.
record ConvolutionSizes(
        int batch,
        int channels,
        int height,
        int width,
        int outChannels,
        int kernelHeight,
        int kernelWidth,
        int outHeight,
        int outWidth,
        Conv2dOptions options) {

    /// Returns the sizes for an input `[N, C, H, W]` and a weight `[O, C/groups, kH, kW]`.
    static ConvolutionSizes of(Shape x, Shape weight, Conv2dOptions options) {
        return new ConvolutionSizes(
                x.dim(0),
                x.dim(1),
                x.dim(2),
                x.dim(3),
                weight.dim(0),
                weight.dim(2),
                weight.dim(3),
                options.outputHeight(x.dim(2), weight.dim(2)),
                options.outputWidth(x.dim(3), weight.dim(3)),
                options);
    }

    int groups() {
        return options.groups();
    }

    /// Returns the input channels of a group.
    int groupChannels() {
        return channels / groups();
    }

    /// Returns the output channels of a group.
    int groupOutChannels() {
        return outChannels / groups();
    }

    /// Returns the elements of one channel of the input.
    int plane() {
        return height * width;
    }

    /// Returns the elements of one channel of the output.
    int positions() {
        return outHeight * outWidth;
    }

    /// Returns the elements of one channel of the kernel.
    int window() {
        return kernelHeight * kernelWidth;
    }

    /// Returns the products that make one element of the output.
    int taps() {
        return groupChannels() * window();
    }

    /// Returns the multiply-adds of the forward pass.
    long work() {
        return (long) batch * outChannels * positions() * taps();
    }
}
