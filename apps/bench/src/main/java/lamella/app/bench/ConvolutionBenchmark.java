package lamella.app.bench;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.Optional;

/// Convolutions of LeNet-5, of the Keras MNIST net, of VGG, of ResNet and of MobileNet, and awkward ones;
/// forward and both gradients.
public class ConvolutionBenchmark extends KernelBenchmark {
    /// A layer of a net.
    public enum Layer {
        /// Batch 64, 1 to 6 channels, 5 x 5, padding 2, 28 x 28.
        LENET1(64, 1, 6, 28, 5, 2),
        /// Batch 64, 6 to 16 channels, 5 x 5, 14 x 14.
        LENET2(64, 6, 16, 14, 5, 0),
        /// Batch 128, 1 to 32 channels, 3 x 3, 28 x 28.
        CONVNET1(128, 1, 32, 28, 3, 0),
        /// Batch 128, 32 to 64 channels, 3 x 3, 13 x 13.
        CONVNET2(128, 32, 64, 13, 3, 0),
        /// Batch 4, 64 to 128 channels, 3 x 3, padding 1, 56 x 56: the workload W4.
        VGG(4, 64, 128, 56, 3, 1),
        /// One photo, 3 to 64 channels, 7 x 7, stride 2, padding 3, 224 x 224.
        RESNET_FIRST(1, 3, 64, 224, 7, Conv2dOptions.defaults().stride(2).padding(3)),
        /// One image, 64 to 64 channels, 3 x 3, padding 1, 56 x 56.
        RESNET_STAGE1(1, 64, 64, 56, 3, 1),
        /// One image, 128 to 256 channels, 3 x 3, stride 2, padding 1, 28 x 28.
        RESNET_STAGE3(1, 128, 256, 28, 3, Conv2dOptions.defaults().stride(2).padding(1)),
        /// ResNet-18, one image, 128 channels, 28 x 28.
        RESNET128(1, 128, 128, 28, 3, 1),
        /// ResNet-18, one image, 256 channels, 14 x 14.
        RESNET256(1, 256, 256, 14, 3, 1),
        /// One image, 512 to 512 channels, 3 x 3, padding 1, 7 x 7.
        RESNET_STAGE4(1, 512, 512, 7, 3, 1),
        /// Batch 8, 256 to 64 channels, 1 x 1, 56 x 56.
        BOTTLENECK(8, 256, 64, 56, 1, 0),
        /// Batch 8, 64 channels by themselves, 3 x 3, padding 1, 56 x 56.
        DEPTHWISE56(8, 56, 64, 1),
        /// Batch 8, 128 channels by themselves, 3 x 3, padding 1, stride 2, 56 x 56.
        DEPTHWISE56_STRIDE2(8, 56, 128, 2),
        /// Batch 8, 512 channels by themselves, 3 x 3, padding 1, 14 x 14.
        DEPTHWISE14(8, 14, 512, 1),
        /// Batch 8, 1024 channels by themselves, 3 x 3, padding 1, 7 x 7.
        DEPTHWISE7(8, 7, 1024, 1),
        /// Batch 3, 7 to 13 channels, 3 x 3, padding 1, 17 x 17.
        PRIMES(3, 7, 13, 17, 3, 1),
        /// Batch 3, 7 to 13 channels, 5 x 5, dilation 2, 19 x 19.
        DILATED(3, 7, 13, 19, 5, Conv2dOptions.defaults().dilation(2)),
        /// One channel to one, 3 x 3, on 3 x 3: a single output.
        SINGLE(1, 1, 1, 3, 3, 0);

        private final Shape input;
        private final Shape weight;
        private final Conv2dOptions options;

        Layer(int batch, int in, int out, int extent, int kernel, int padding) {
            this(batch, in, out, extent, kernel, Conv2dOptions.defaults().padding(padding));
        }

        Layer(int batch, int in, int out, int extent, int kernel, Conv2dOptions options) {
            input = Shape.of(batch, in, extent, extent);
            weight = Shape.of(out, in / options.groups(), kernel, kernel);
            this.options = options;
        }

        /// A depthwise layer.
        Layer(int batch, int extent, int channels, int stride) {
            input = Shape.of(batch, channels, extent, extent);
            weight = Shape.of(channels, 1, 3, 3);
            options = Conv2dOptions.defaults().padding(1).stride(stride).groups(channels);
        }
    }

    /// The layer.
    @Param public Layer layer;

    private Backend backend;
    private Tensor x;
    private Tensor weight;
    private Tensor y;
    private Tensor inputGradient;
    private Tensor weightGradient;

    /// Makes the operands and checks that the three kernels are adjoint to each other:
    /// ⟨conv(x), y⟩ = ⟨x, inputGradient(y)⟩ = ⟨w, weightGradient(x, y)⟩.
    @Setup
    public void prepare() {
        backend = open();
        x = noise(layer.input);
        weight = noise(layer.weight);
        y = x.conv2d(weight, layer.options);
        inputGradient = zeros(layer.input);
        weightGradient = zeros(layer.weight);
        double squares = dot(y, y);
        inputGradient();
        weightGradient();
        check(squares, dot(x, inputGradient), "gradient of the input");
        check(squares, dot(weight, weightGradient), "gradient of the weight");
    }

    /// The output.
    @Benchmark
    public void forward() {
        backend.convolution().forward(x.view(), weight.view(), Optional.empty(), layer.options, y.view());
        backend.synchronize();
    }

    /// The gradient of the input.
    @Benchmark
    public void inputGradient() {
        backend.convolution().inputGradient(y.view(), weight.view(), layer.options, inputGradient.view());
        backend.synchronize();
    }

    /// The gradient of the weight.
    @Benchmark
    public void weightGradient() {
        backend.convolution().weightGradient(x.view(), y.view(), layer.options, weightGradient.view());
        backend.synchronize();
    }
}
