package lamella.layers.cnn;

import lamella.array.Conv2dOptions;

/// The recipes of this package by their short names, for static import beside [lamella.nn.Layers].
///
/// {@snippet :
/// LayerSpec net = sequential(
///         conv2d(32, 3).padding(1), batchNorm(), relu(), maxPool2d(2),
///         globalAveragePool2d(), dense(10));
/// }
public final class CnnLayers {
    private CnnLayers() {}

    /// Returns a 2-D convolution with a square kernel, stride 1, no padding and a bias.
    public static Conv2d conv2d(int filters, int kernel) {
        return conv2d(filters, kernel, kernel);
    }

    /// Returns a 2-D convolution with stride 1, no padding and a bias.
    public static Conv2d conv2d(int filters, int kernelHeight, int kernelWidth) {
        return new Conv2d(filters, kernelHeight, kernelWidth, Conv2dOptions.defaults(), true);
    }

    /// Returns a 1-D convolution with stride 1, no padding and a bias.
    public static Conv1d conv1d(int filters, int kernel) {
        return new Conv1d(filters, kernel, 1, 0, 1, 1, true);
    }

    /// Returns a transposed 2-D convolution with a square kernel, stride 1, no padding and a bias.
    public static ConvTranspose2d convTranspose2d(int filters, int kernel) {
        return convTranspose2d(filters, kernel, kernel);
    }

    /// Returns a transposed 2-D convolution with stride 1, no padding and a bias.
    public static ConvTranspose2d convTranspose2d(int filters, int kernelHeight, int kernelWidth) {
        return new ConvTranspose2d(filters, kernelHeight, kernelWidth, Conv2dOptions.defaults(), 0, true);
    }

    /// Returns the maxima of square windows side by side.
    public static MaxPool2d maxPool2d(int kernel) {
        return maxPool2d(kernel, kernel);
    }

    /// Returns the maxima of windows side by side.
    public static MaxPool2d maxPool2d(int kernelHeight, int kernelWidth) {
        return new MaxPool2d(PoolingKnobs.of(kernelHeight, kernelWidth));
    }

    /// Returns the means of square windows side by side.
    public static AveragePool2d averagePool2d(int kernel) {
        return averagePool2d(kernel, kernel);
    }

    /// Returns the means of windows side by side.
    public static AveragePool2d averagePool2d(int kernelHeight, int kernelWidth) {
        return new AveragePool2d(PoolingKnobs.of(kernelHeight, kernelWidth));
    }

    /// Returns the mean of each channel.
    public static GlobalAveragePool2d globalAveragePool2d() {
        return new GlobalAveragePool2d();
    }

    /// Returns means of windows such that the output is `size` x `size`.
    public static AdaptiveAveragePool2d adaptiveAveragePool2d(int size) {
        return adaptiveAveragePool2d(size, size);
    }

    /// Returns means of windows such that the output is `height` x `width`.
    public static AdaptiveAveragePool2d adaptiveAveragePool2d(int height, int width) {
        return new AdaptiveAveragePool2d(height, width);
    }

    /// Returns batch normalisation with epsilon 1e-5 and momentum 0.1.
    public static BatchNorm batchNorm() {
        return new BatchNorm();
    }

    /// Returns local response normalisation with size 5, alpha 1e-4, beta 0.75 and bias 1.
    public static LocalResponseNorm localResponseNorm() {
        return new LocalResponseNorm();
    }

    /// Returns the parametric rectifier with initial slopes of 0.25.
    public static PRelu pRelu() {
        return new PRelu();
    }

    /// Returns the parametric rectifier with other initial slopes.
    public static PRelu pRelu(double initial) {
        return new PRelu((float) initial);
    }

    /// Returns dropout of whole channels at this rate.
    public static Dropout2d dropout2d(double rate) {
        return new Dropout2d((float) rate);
    }
}
