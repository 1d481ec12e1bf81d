package lamella.tck;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;

/// The update rules, element by element.
final class ReferenceOptimizer implements OptimizerKernels {
    @Override
    public void sgd(Sgd constants, View parameter, View gradient) {
        double[] p = ReferenceStorage.doubles(parameter);
        for (int i = 0; i < parameter.size(); i++) {
            double g = decayed(gradient, constants.weightDecay(), parameter, i);
            p[parameter.offset() + i] -= constants.learningRate() * g;
        }
    }

    private static double decayed(View gradient, double weightDecay, View parameter, int i) {
        return ReferenceStorage.doubles(gradient)[gradient.offset() + i]
                + weightDecay * ReferenceStorage.doubles(parameter)[parameter.offset() + i];
    }

    @Override
    public void momentum(Sgd constants, View parameter, View gradient, View velocity) {
        double[] p = ReferenceStorage.doubles(parameter);
        double[] v = ReferenceStorage.doubles(velocity);
        double momentum = constants.momentum();
        for (int i = 0; i < parameter.size(); i++) {
            double g = decayed(gradient, constants.weightDecay(), parameter, i);
            double next = momentum * v[velocity.offset() + i] + g;
            v[velocity.offset() + i] = next;
            p[parameter.offset() + i] -= constants.learningRate() * (constants.nesterov() ? g + momentum * next : next);
        }
    }

    @Override
    public void adam(Adam constants, View parameter, View gradient, View mean, View square) {
        double[] p = ReferenceStorage.doubles(parameter);
        double[] m = ReferenceStorage.doubles(mean);
        double[] s = ReferenceStorage.doubles(square);
        double rate = constants.learningRate();
        double beta1 = constants.beta1();
        double beta2 = constants.beta2();
        for (int i = 0; i < parameter.size(); i++) {
            p[parameter.offset() + i] *= 1 - rate * constants.decoupledDecay();
            double g = decayed(gradient, constants.weightDecay(), parameter, i);
            double nextMean = beta1 * m[mean.offset() + i] + (1 - beta1) * g;
            double nextSquare = beta2 * s[square.offset() + i] + (1 - beta2) * g * g;
            m[mean.offset() + i] = nextMean;
            s[square.offset() + i] = nextSquare;
            p[parameter.offset() + i] -=
                    rate
                            * (nextMean / constants.correction1())
                            / (Math.sqrt(nextSquare / constants.correction2()) + constants.epsilon());
        }
    }

    @Override
    public void rmsProp(RmsProp constants, View parameter, View gradient, View square, View velocity) {
        double[] p = ReferenceStorage.doubles(parameter);
        double[] s = ReferenceStorage.doubles(square);
        double[] v = ReferenceStorage.doubles(velocity);
        double decay = constants.decay();
        for (int i = 0; i < parameter.size(); i++) {
            double g = decayed(gradient, constants.weightDecay(), parameter, i);
            double nextSquare = decay * s[square.offset() + i] + (1 - decay) * g * g;
            double next =
                    constants.momentum() * v[velocity.offset() + i] + g / (Math.sqrt(nextSquare) + constants.epsilon());
            s[square.offset() + i] = nextSquare;
            v[velocity.offset() + i] = next;
            p[parameter.offset() + i] -= constants.learningRate() * next;
        }
    }

    @Override
    public void adagrad(Adagrad constants, View parameter, View gradient, View square) {
        double[] p = ReferenceStorage.doubles(parameter);
        double[] s = ReferenceStorage.doubles(square);
        for (int i = 0; i < parameter.size(); i++) {
            double g = decayed(gradient, constants.weightDecay(), parameter, i);
            double next = s[square.offset() + i] + g * g;
            s[square.offset() + i] = next;
            p[parameter.offset() + i] -= constants.learningRate() * g / (Math.sqrt(next) + constants.epsilon());
        }
    }
}
