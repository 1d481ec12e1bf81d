package lamella.backend.cpu;

import lamella.backend.OptimizerKernels.Adagrad;
import lamella.backend.OptimizerKernels.Adam;
import lamella.backend.OptimizerKernels.RmsProp;
import lamella.backend.OptimizerKernels.Sgd;

/// The update rules as plain loops over the indices `from` to `to - 1`, the same in all arrays: in
/// this form, and only in this, the compiler makes vector code of them. Constants are in locals, or
/// they would be read again after each store.
final class OptimizerLoops {
    private OptimizerLoops() {}

    static void sgd(Sgd constants, float[] p, float[] g, int from, int to) {
        float rate = constants.learningRate();
        float decay = constants.weightDecay();
        for (int i = from; i < to; i++) {
            p[i] -= rate * (g[i] + decay * p[i]);
        }
    }

    static void momentum(Sgd constants, float[] p, float[] g, float[] v, int from, int to) {
        float rate = constants.learningRate();
        float decay = constants.weightDecay();
        float kept = constants.momentum();
        for (int i = from; i < to; i++) {
            float velocity = kept * v[i] + (g[i] + decay * p[i]);
            v[i] = velocity;
            p[i] -= rate * velocity;
        }
    }

    static void nesterov(Sgd constants, float[] p, float[] g, float[] v, int from, int to) {
        float rate = constants.learningRate();
        float decay = constants.weightDecay();
        float kept = constants.momentum();
        for (int i = from; i < to; i++) {
            float gradient = g[i] + decay * p[i];
            float velocity = kept * v[i] + gradient;
            v[i] = velocity;
            p[i] -= rate * (gradient + kept * velocity);
        }
    }

    static void adam(Adam constants, float[] p, float[] g, float[] m, float[] s, int from, int to) {
        float kept = 1f - constants.learningRate() * constants.decoupledDecay();
        float decay = constants.weightDecay();
        float beta1 = constants.beta1();
        float beta2 = constants.beta2();
        float rest1 = 1f - beta1;
        float rest2 = 1f - beta2;
        float rate = constants.learningRate() / constants.correction1();
        float correction = (float) (1.0 / Math.sqrt(constants.correction2()));
        float epsilon = constants.epsilon();
        for (int i = from; i < to; i++) {
            float parameter = kept * p[i];
            float gradient = g[i] + decay * parameter;
            float mean = beta1 * m[i] + rest1 * gradient;
            float square = beta2 * s[i] + rest2 * (gradient * gradient);
            m[i] = mean;
            s[i] = square;
            float root = (float) Math.sqrt(square) * correction;
            p[i] = parameter - rate * mean / (root + epsilon);
        }
    }

    static void rmsProp(RmsProp constants, float[] p, float[] g, float[] s, float[] v, int from, int to) {
        float rate = constants.learningRate();
        float decay = constants.weightDecay();
        float kept = constants.decay();
        float rest = 1f - kept;
        float momentum = constants.momentum();
        float epsilon = constants.epsilon();
        for (int i = from; i < to; i++) {
            float gradient = g[i] + decay * p[i];
            float square = kept * s[i] + rest * (gradient * gradient);
            s[i] = square;
            float step = gradient / ((float) Math.sqrt(square) + epsilon);
            float velocity = momentum * v[i] + step;
            v[i] = velocity;
            p[i] -= rate * velocity;
        }
    }

    static void adagrad(Adagrad constants, float[] p, float[] g, float[] s, int from, int to) {
        float rate = constants.learningRate();
        float decay = constants.weightDecay();
        float epsilon = constants.epsilon();
        for (int i = from; i < to; i++) {
            float gradient = g[i] + decay * p[i];
            float square = s[i] + gradient * gradient;
            s[i] = square;
            p[i] -= rate * gradient / ((float) Math.sqrt(square) + epsilon);
        }
    }
}
