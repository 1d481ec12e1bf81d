package lamella.backend.cuda.convolution;

import lamella.array.Conv2dOptions;
import lamella.backend.ConvolutionKernels;
import lamella.backend.View;
import lamella.backend.cuda.convolution.Direction.Places;
import lamella.backend.cuda.matrix.Bias;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Libraries;
import lamella.backend.cuda.runtime.Operands;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Convolutions by cuDNN, by a plan for each shape.
public final class CudaConvolutionKernels implements ConvolutionKernels {
    private final Device device;
    private final Bias biases;
    private final Map<Convolution, ConvolutionPlan> plans = new HashMap<>();
    private boolean closesPlans;

    /// Runs on a device.
    public CudaConvolutionKernels(Device device) {
        this.device = device;
        biases = new Bias(device);
    }

    @Override
    public void forward(View x, View weight, Optional<View> bias, Conv2dOptions options, View out) {
        run(new Convolution(Direction.FORWARD, x.shape(), weight.shape(), options), x, weight, out);
        bias.ifPresent(b -> biases.add(b, out.dim(2) * out.dim(3), out));
    }

    @Override
    public void inputGradient(View outputGradient, View weight, Conv2dOptions options, View out) {
        run(
                new Convolution(Direction.INPUT_GRADIENT, out.shape(), weight.shape(), options),
                outputGradient,
                weight,
                out);
    }

    @Override
    public void weightGradient(View x, View outputGradient, Conv2dOptions options, View out) {
        run(new Convolution(Direction.WEIGHT_GRADIENT, x.shape(), out.shape(), options), x, outputGradient, out);
    }

    private void run(Convolution convolution, View first, View second, View out) {
        if (out.size() == 0) {
            return;
        }
        if (first.size() == 0 || second.size() == 0) {
            device.clear(CudaStorage.address(out), 4L * out.size());
            return;
        }
        ConvolutionPlan plan = device.prepare(libraries -> plan(libraries, convolution));
        try (var operands = new Operands(device, plan.bfloat16())) {
            plan.run(device, new Places(operands.read(first), operands.read(second), operands.write(out)));
            operands.deliver();
        }
    }

    private ConvolutionPlan plan(Libraries libraries, Convolution convolution) {
        if (!closesPlans) {
            libraries.onClose(() -> plans.values().forEach(ConvolutionPlan::close));
            closesPlans = true;
        }
        return plans.computeIfAbsent(convolution, c -> ConvolutionPlan.of(libraries, c));
    }
}
