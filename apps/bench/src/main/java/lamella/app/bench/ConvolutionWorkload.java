package lamella.app.bench;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import java.util.List;

/// A convolution of 64 to 128 channels with a 3 x 3 kernel and a rectifier, on 56 x 56, forward and
/// backward: the gradients of input, weight and bias. The gradient that comes in from above is given;
/// as differentiation begins with a number, it is that of the sum of output times given.
///
/// @param metric what the time is called
/// @param batch images of a batch
record ConvolutionWorkload(String name, String metric, int batch) implements Workload {
    private static final Shape IN = Shape.of(64, 56, 56);
    private static final Shape OUT = Shape.of(128, 56, 56);
    private static final Shape WEIGHT = Shape.of(128, 64, 3, 3);
    private static final Conv2dOptions OPTIONS = Conv2dOptions.defaults().padding(1);

    /// About 1 / √(64 · 3 · 3), so that outputs are of the size of inputs.
    private static final float SCALE = 0.04f;

    @Override
    public Workload batch(int batch) {
        return batch == this.batch ? this : new ConvolutionWorkload(name, Workload.named(metric, batch), batch);
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        Tensor x = noise(backend, IN.prepend(batch), 1);
        Tensor above = noise(backend, OUT.prepend(batch), 2);
        Tensor weight = noise(backend, WEIGHT, 3).multiply(SCALE);
        Tensor bias = noise(backend, Shape.of(OUT.dim(0)), 4);
        List<Tensor> operands = List.of(x, weight, bias);
        Runnable gradients =
                () -> Autograd.gradients(operands, () -> x.conv2d(weight, bias, OPTIONS).relu().multiply(above).sum());
        Runnable step = () -> Memory.scope(gradients);
        stopwatch.first(name, step);
        stopwatch.milliseconds(name, metric, step);
    }

    private static Tensor noise(Backend backend, Shape shape, long seed) {
        return Tensor.of(backend, shape, Task.noise(shape.size(), seed));
    }
}
