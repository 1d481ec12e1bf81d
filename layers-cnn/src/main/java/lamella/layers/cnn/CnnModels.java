package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.averagePool2d;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.layers.cnn.CnnLayers.maxPool2d;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.tanh;

import lamella.nn.LayerSpec;

/// Case studies: whole nets for digits, `[N, 1, 28, 28]` to logits `[N, 10]`.
public final class CnnModels {
    private CnnModels() {}

    /// Returns LeNet-5, 61,706 parameters.
    ///
    /// Source: LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE
    /// 1998, section II.B. As in later accounts of it, the input is padded from 28 to 32, every filter
    /// of the second convolution sees all channels, pooling has no parameters, and the output is a
    /// dense layer for a softmax instead of radial basis functions.
    public static LayerSpec lenet5() {
        return named(
                "lenet5",
                sequential(
                        conv2d(6, 5).padding(2),
                        tanh(),
                        averagePool2d(2),
                        conv2d(16, 5),
                        tanh(),
                        averagePool2d(2),
                        flatten(),
                        dense(120),
                        tanh(),
                        dense(84),
                        tanh(),
                        dense(10)));
    }

    /// Returns the small net of Keras' example `mnist_convnet`, 34,826 parameters, without its
    /// softmax.
    public static LayerSpec convnet() {
        return named(
                "convnet",
                sequential(
                        conv2d(32, 3),
                        relu(),
                        maxPool2d(2),
                        conv2d(64, 3),
                        relu(),
                        maxPool2d(2),
                        flatten(),
                        dropout(0.5f),
                        dense(10)));
    }

    /// Returns a net without convolutions to compare with: that of Keras' example `mnist_mlp`,
    /// 669,706 parameters, without its softmax.
    public static LayerSpec mlp() {
        return named(
                "mlp",
                sequential(flatten(), dense(512), relu(), dropout(0.2f), dense(512), relu(), dropout(0.2f), dense(10)));
    }
}
