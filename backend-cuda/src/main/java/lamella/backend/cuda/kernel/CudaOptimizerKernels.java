package lamella.backend.cuda.kernel;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// The update rules of optimizers, each one kernel.
public final class CudaOptimizerKernels implements OptimizerKernels {
    private final KernelFile kernels;

    /// Makes the kernels of a device.
    public CudaOptimizerKernels(Device device) {
        kernels = new KernelFile(device, "optimizer");
    }

    @Override
    public void sgd(Sgd constants, View parameter, View gradient) {
        int n = parameter.size();
        kernels.overPacks(
                "sgd",
                n,
                CudaStorage.address(parameter),
                CudaStorage.address(gradient),
                n,
                Kernel.bits(constants.learningRate()),
                Kernel.bits(constants.weightDecay()));
    }

    @Override
    public void momentum(Sgd constants, View parameter, View gradient, View velocity) {
        int n = parameter.size();
        kernels.overPacks(
                "momentum",
                n,
                CudaStorage.address(parameter),
                CudaStorage.address(gradient),
                CudaStorage.address(velocity),
                n,
                Kernel.bits(constants.learningRate()),
                Kernel.bits(constants.momentum()),
                constants.nesterov() ? 1 : 0,
                Kernel.bits(constants.weightDecay()));
    }

    @Override
    public void adam(Adam constants, View parameter, View gradient, View mean, View square) {
        int n = parameter.size();
        double rate = constants.learningRate();
        kernels.overPacks(
                "adam",
                n,
                CudaStorage.address(parameter),
                CudaStorage.address(gradient),
                CudaStorage.address(mean),
                CudaStorage.address(square),
                n,
                Kernel.bits((float) (1 - rate * constants.decoupledDecay())),
                Kernel.bits(constants.weightDecay()),
                Kernel.bits(constants.beta1()),
                Kernel.bits(1 - constants.beta1()),
                Kernel.bits(constants.beta2()),
                Kernel.bits(1 - constants.beta2()),
                Kernel.bits((float) (rate / constants.correction1())),
                Kernel.bits((float) (1 / Math.sqrt(constants.correction2()))),
                Kernel.bits(constants.epsilon()));
    }

    @Override
    public void rmsProp(RmsProp constants, View parameter, View gradient, View square, View velocity) {
        int n = parameter.size();
        kernels.overPacks(
                "rms_prop",
                n,
                CudaStorage.address(parameter),
                CudaStorage.address(gradient),
                CudaStorage.address(square),
                CudaStorage.address(velocity),
                n,
                Kernel.bits(constants.learningRate()),
                Kernel.bits(constants.decay()),
                Kernel.bits(1 - constants.decay()),
                Kernel.bits(constants.epsilon()),
                Kernel.bits(constants.momentum()),
                Kernel.bits(constants.weightDecay()));
    }

    @Override
    public void adagrad(Adagrad constants, View parameter, View gradient, View square) {
        int n = parameter.size();
        kernels.overPacks(
                "adagrad",
                n,
                CudaStorage.address(parameter),
                CudaStorage.address(gradient),
                CudaStorage.address(square),
                n,
                Kernel.bits(constants.learningRate()),
                Kernel.bits(constants.epsilon()),
                Kernel.bits(constants.weightDecay()));
    }
}
