package lamella.tck;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;

/// Asserts the contract of update rules.
record CheckedOptimizer(OptimizerKernels kernels, CheckedBackend.Calls calls) implements OptimizerKernels {
    private CheckedCall update(String op, View parameter, View gradient) {
        return calls.of(op)
                .changes("parameter", parameter)
                .reads("gradient", gradient)
                .size("gradient", gradient, parameter.size());
    }

    @Override
    public void sgd(Sgd constants, View parameter, View gradient) {
        update("optimizer.sgd", parameter, gradient).run(() -> kernels.sgd(constants, parameter, gradient));
    }

    @Override
    public void momentum(Sgd constants, View parameter, View gradient, View velocity) {
        update("optimizer.momentum", parameter, gradient)
                .changes("velocity", velocity)
                .size("velocity", velocity, parameter.size())
                .run(() -> kernels.momentum(constants, parameter, gradient, velocity));
    }

    @Override
    public void adam(Adam constants, View parameter, View gradient, View mean, View square) {
        update("optimizer.adam", parameter, gradient)
                .changes("mean", mean)
                .changes("square", square)
                .size("mean", mean, parameter.size())
                .size("square", square, parameter.size())
                .run(() -> kernels.adam(constants, parameter, gradient, mean, square));
    }

    @Override
    public void rmsProp(RmsProp constants, View parameter, View gradient, View square, View velocity) {
        update("optimizer.rmsProp", parameter, gradient)
                .changes("square", square)
                .changes("velocity", velocity)
                .size("square", square, parameter.size())
                .size("velocity", velocity, parameter.size())
                .run(() -> kernels.rmsProp(constants, parameter, gradient, square, velocity));
    }

    @Override
    public void adagrad(Adagrad constants, View parameter, View gradient, View square) {
        update("optimizer.adagrad", parameter, gradient)
                .changes("square", square)
                .size("square", square, parameter.size())
                .run(() -> kernels.adagrad(constants, parameter, gradient, square));
    }
}
