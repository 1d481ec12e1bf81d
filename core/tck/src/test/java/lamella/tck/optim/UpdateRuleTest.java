package lamella.tck.optim;

import static lamella.optim.Optimizers.adagrad;
import static lamella.optim.Optimizers.adam;
import static lamella.optim.Optimizers.adamW;
import static lamella.optim.Optimizers.rmsProp;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.optim.Optimizer;
import lamella.optim.OptimizerSpec;
import lamella.optim.Optimizers;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Parameter;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

/// The update rules over several steps, against the papers' formulas written down once more for one
/// number. The learning rate changes from step to step, which tells apart where it enters.
class UpdateRuleTest {
    private static final float[] START = {1.5f, -0.25f, 0.75f, 3};
    private static final float[][] GRADIENTS = {
        {0.5f, -1, 0.1f, 0}, {-0.25f, 2, 0.1f, 0}, {1, 0.5f, -0.3f, 0}, {0.125f, -4, 0.2f, 0}
    };
    private static final float[] RATES = {0.1f, 0.05f, 0.2f, 0.1f};

    /// What happens to one number: returns its new value and changes its state.
    private interface Rule {
        double update(double parameter, double gradient, double[] state, double rate, int step);
    }

    private static void assertFollows(Rule rule, OptimizerSpec spec) {
        try (ReferenceBackend backend = ReferenceBackend.create()) {
            Parameter parameter = GivenGradients.parameter(backend, "net.w", START);
            var optimizer = Optimizer.of(spec, List.of(parameter));
            for (int i = 0; i < GRADIENTS.length; i++) {
                optimizer.step(GivenGradients.of(parameter, GRADIENTS[i]), RATES[i]);
            }
            double[] expected = IntStream.range(0, START.length).mapToDouble(i -> last(rule, i)).toArray();
            assertArrayEquals(expected, backend.values(parameter.value().view()), 1e-6);
        }
    }

    private static double last(Rule rule, int element) {
        double value = START[element];
        double[] state = new double[2];
        for (int i = 0; i < GRADIENTS.length; i++) {
            value = rule.update(value, GRADIENTS[i][element], state, RATES[i], i + 1);
        }
        return value;
    }

    @Test
    void sgdWalksAgainstTheGradient() {
        assertFollows((p, g, _, rate, _) -> p - rate * g, sgd(1));
    }

    @Test
    void sgdWithOneStepByHand() {
        try (ReferenceBackend backend = ReferenceBackend.create()) {
            Parameter parameter = GivenGradients.parameter(backend, "net.w", 2, -1);
            var optimizer = Optimizer.of(sgd(0.5), List.of(parameter));
            optimizer.step(GivenGradients.of(parameter, 3, 1), 0.5f);
            assertArrayEquals(new float[] {0.5f, -1.5f}, parameter.value().toFloats());
        }
    }

    @Test
    void sgdAddsWeightDecayToTheGradient() {
        assertFollows((p, g, _, rate, _) -> p - rate * (g + 0.1f * p), sgd(1).weightDecay(0.1));
    }

    @Test
    void sgdKeepsMomentum() {
        assertFollows(
                (p, g, velocity, rate, _) -> {
                    velocity[0] = 0.9f * velocity[0] + g;
                    return p - rate * velocity[0];
                },
                sgd(1).momentum(0.9));
    }

    @Test
    void sgdDecaysIntoTheVelocity() {
        assertFollows(
                (p, g, velocity, rate, _) -> {
                    velocity[0] = 0.9f * velocity[0] + g + 0.1f * p;
                    return p - rate * velocity[0];
                },
                sgd(1).momentum(0.9).weightDecay(0.1));
    }

    @Test
    void nesterovLooksAhead() {
        assertFollows(
                (p, g, velocity, rate, _) -> {
                    velocity[0] = 0.8f * velocity[0] + g;
                    return p - rate * (g + 0.8f * velocity[0]);
                },
                sgd(1).momentum(0.8).nesterov(true));
    }

    private static Rule adamRule(double beta1, double beta2, double epsilon, double decay) {
        return (p, gradient, state, rate, step) -> {
            double g = gradient + decay * p;
            state[0] = beta1 * state[0] + (1 - beta1) * g;
            state[1] = beta2 * state[1] + (1 - beta2) * g * g;
            double mean = state[0] / (1 - Math.pow(beta1, step));
            double square = state[1] / (1 - Math.pow(beta2, step));
            return p - rate * mean / (Math.sqrt(square) + epsilon);
        };
    }

    @Test
    void adamScalesByCorrectedMeans() {
        assertFollows(adamRule(0.9f, 0.999f, 1e-8f, 0), adam(1));
        assertFollows(adamRule(0.5f, 0.75f, 0.25f, 0), adam(1).betas(0.5, 0.75).epsilon(0.25));
    }

    @Test
    void adamsFirstStepIsTheLearningRate() {
        try (ReferenceBackend backend = ReferenceBackend.create()) {
            Parameter parameter = GivenGradients.parameter(backend, "net.w", 1, 1);
            var optimizer = Optimizer.of(adam(0.25), List.of(parameter));
            optimizer.step(GivenGradients.of(parameter, 40, -0.004f), 0.25f);
            assertArrayEquals(new float[] {0.75f, 1.25f}, parameter.value().toFloats(), 1e-5f);
        }
    }

    @Test
    void adamAddsWeightDecayToTheGradient() {
        assertFollows(adamRule(0.9f, 0.999f, 1e-8f, 0.1f), adam(1).weightDecay(0.1));
    }

    @Test
    void adamWShrinksTheParameterInstead() {
        Rule adam = adamRule(0.9f, 0.999f, 1e-8f, 0);
        assertFollows(
                (p, g, state, rate, step) -> adam.update(p * (1 - rate * 0.1f), g, state, rate, step),
                adamW(1).weightDecay(0.1));
        assertFollows((p, g, state, rate, step) -> adam.update(p * (1 - rate * 0.01f), g, state, rate, step), adamW(1));
    }

    @Test
    void rmsPropScalesByTheMeanSquare() {
        assertFollows(rmsPropRule(0.99f, 1e-8f, 0, 0), rmsProp(1));
        assertFollows(
                rmsPropRule(0.5f, 0.25f, 0.9f, 0.1f),
                rmsProp(1).decay(0.5).epsilon(0.25).momentum(0.9).weightDecay(0.1));
    }

    private static Rule rmsPropRule(double decay, double epsilon, double momentum, double weightDecay) {
        return (p, gradient, state, rate, _) -> {
            double g = gradient + weightDecay * p;
            state[0] = decay * state[0] + (1 - decay) * g * g;
            state[1] = momentum * state[1] + g / (Math.sqrt(state[0]) + epsilon);
            return p - rate * state[1];
        };
    }

    @Test
    void adagradScalesByTheSumOfSquares() {
        assertFollows(adagradRule(1e-10f, 0), adagrad(1));
        assertFollows(adagradRule(0.5f, 0.1f), adagrad(1).epsilon(0.5).weightDecay(0.1));
    }

    private static Rule adagradRule(double epsilon, double weightDecay) {
        return (p, gradient, state, rate, _) -> {
            double g = gradient + weightDecay * p;
            state[0] += g * g;
            return p - rate * g / (Math.sqrt(state[0]) + epsilon);
        };
    }

    @Test
    void zeroLearningRateChangesNothing() {
        try (ReferenceBackend backend = ReferenceBackend.create()) {
            for (String name : Optimizers.names()) {
                Parameter parameter = GivenGradients.parameter(backend, "net.w", START);
                OptimizerSpec spec = Optimizers.byName(name, 0);
                var optimizer = Optimizer.of(spec, List.of(parameter));
                optimizer.step(GivenGradients.of(parameter, GRADIENTS[0]), 0);
                assertArrayEquals(START, parameter.value().toFloats(), name);
                assertEquals(1, optimizer.steps(), name);
            }
        }
    }
}
