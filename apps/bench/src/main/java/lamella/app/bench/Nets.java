package lamella.app.bench;

import static lamella.layers.cnn.CnnLayers.batchNorm;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.layers.cnn.CnnLayers.globalAveragePool2d;
import static lamella.layers.cnn.CnnLayers.maxPool2d;
import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.residual;
import static lamella.nn.Layers.sequential;

import lamella.nn.LayerSpec;

import java.util.ArrayList;
import java.util.List;

/// The nets of the workloads, as other frameworks are timed with them.
final class Nets {
    /// Channels of a bottleneck's output for each of its inner channels.
    private static final int EXPANSION = 4;

    /// Bottlenecks of each of the four stages.
    private static final int[] DEPTHS = {3, 4, 6, 3};

    /// Blocks of each of the four stages of a ResNet-18.
    private static final int BLOCKS = 2;

    private Nets() {}

    /// Returns LeNet-5 as it is usually compared: with rectifiers and maxima, `[1, 28, 28]` to 10 logits.
    static LayerSpec lenet() {
        return sequential(
                conv2d(6, 5).padding(2),
                relu(),
                maxPool2d(2),
                conv2d(16, 5),
                relu(),
                maxPool2d(2),
                flatten(),
                dense(120),
                relu(),
                dense(84),
                relu(),
                dense(10));
    }

    /// Returns a judge of texts: the last state of an LSTM, one logit.
    static LayerSpec judge(int vocabulary, int width) {
        return sequential(embedding(vocabulary, width), lstm(width), dense(1));
    }

    /// Returns a writer of texts: logits of the next word at each step.
    static LayerSpec writer(int vocabulary, int width, int hidden) {
        return sequential(embedding(vocabulary, width), lstm(hidden).everyState(), dense(vocabulary));
    }

    /// Returns ResNet-18, 11,689,512 parameters: `[3, 224, 224]` to 1,000 logits.
    ///
    /// Source: He et al., "Deep residual learning for image recognition", CVPR 2016, table 1, with projections where a
    /// block changes the shape (option B).
    static LayerSpec resnet18() {
        var layers = new ArrayList<LayerSpec>(stem());
        for (int stage = 0; stage < DEPTHS.length; stage++) {
            int channels = 64 << stage;
            layers.add(block(channels, stage == 0 ? 1 : 2, stage > 0));
            for (int i = 1; i < BLOCKS; i++) {
                layers.add(block(channels, 1, false));
            }
        }
        layers.add(globalAveragePool2d());
        layers.add(dense(1000));
        return sequential(layers.toArray(LayerSpec[]::new));
    }

    /// @param stride of the first 3 x 3 convolution
    /// @param reshapes whether the output has another shape than the input
    private static LayerSpec block(int channels, int stride, boolean reshapes) {
        var body =
                sequential(
                        conv2d(channels, 3).stride(stride).padding(1).withoutBias(),
                        batchNorm(),
                        relu(),
                        conv2d(channels, 3).padding(1).withoutBias(),
                        batchNorm());
        LayerSpec shortcut = sequential(conv2d(channels, 1).stride(stride).withoutBias(), batchNorm());
        return sequential(reshapes ? residual(body, shortcut) : residual(body), relu());
    }

    /// What is before the stages.
    private static List<LayerSpec> stem() {
        return List.of(
                conv2d(64, 7).stride(2).padding(3).withoutBias(),
                batchNorm(),
                relu(),
                maxPool2d(3).stride(2).padding(1));
    }

    /// Returns ResNet-50, 25,557,032 parameters: `[3, 224, 224]` to 1,000 logits. The stride of a stage is
    /// in the 3 x 3 convolution of its first bottleneck, as in later accounts of it; the paper has it in
    /// the 1 x 1 before.
    ///
    /// Source: He et al., "Deep residual learning for image recognition", CVPR 2016, table 1.
    static LayerSpec resnet50() {
        var layers = new ArrayList<LayerSpec>(stem());
        for (int stage = 0; stage < DEPTHS.length; stage++) {
            int inner = 64 << stage;
            layers.add(bottleneck(inner, stage == 0 ? 1 : 2, true));
            for (int i = 1; i < DEPTHS[stage]; i++) {
                layers.add(bottleneck(inner, 1, false));
            }
        }
        layers.add(globalAveragePool2d());
        layers.add(dense(1000));
        return sequential(layers.toArray(LayerSpec[]::new));
    }

    /// @param inner channels between the 1 x 1 convolutions
    /// @param stride of the 3 x 3 convolution
    /// @param reshapes whether the output has another shape than the input
    private static LayerSpec bottleneck(int inner, int stride, boolean reshapes) {
        int outer = EXPANSION * inner;
        var body =
                sequential(
                        conv2d(inner, 1).withoutBias(),
                        batchNorm(),
                        relu(),
                        conv2d(inner, 3).stride(stride).padding(1).withoutBias(),
                        batchNorm(),
                        relu(),
                        conv2d(outer, 1).withoutBias(),
                        batchNorm());
        LayerSpec shortcut = sequential(conv2d(outer, 1).stride(stride).withoutBias(), batchNorm());
        return sequential(reshapes ? residual(body, shortcut) : residual(body), relu());
    }
}
