package lamella.tck;

import lamella.array.Shape;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/// Compares the gradients of [Autograd] with central differences, `(f(p + h) − f(p − h)) / 2h`, in
/// double on the [ReferenceBackend].
///
/// f is the sum of the output's elements, each weighted by a fixed random number, so that the
/// gradient that comes in from above differs from element to element. A parameter of up to 64
/// elements is checked entry by entry, a larger one along 5 random directions; if one of these is
/// wrong, the entries are searched for the first wrong one. They must agree to a relative 10⁻⁶.
///
/// Keep the values away from kinks (ReLU at 0, ties of a maximum): no entry may be nearer to one
/// than 10⁻⁴. An input is checked as a parameter like any other.
///
/// {@snippet :
/// Parameter x = Parameter.of("x", Tensor.of(reference, Shape.of(2), 0.3f, -0.7f), true);
/// GradCheck.check(List.of(x), () -> x.value().tanh());
/// }
///
/// ## Errors
///
/// [AssertionError] if a gradient is wrong, `gradient of conv1.weight[0, 2, 1, 1]: expected 0.1234
/// (central difference) but got 0.2345`, or if the output differs between two calls.
public final class GradCheck {
    private static final int ENTRIES = 64;
    private static final int DIRECTIONS = 5;
    private static final double RELATIVE = 1e-6;

    /// The step along an entry.
    private static final double STEP = 1e-5;

    /// The step along a direction of length 1: more than 64 entries share it.
    private static final double DIRECTION_STEP = 1e-4;

    private final ReferenceBackend reference;
    private final Supplier<Tensor> output;
    private final float[] weights;

    private GradCheck(ReferenceBackend reference, Supplier<Tensor> output, float[] weights) {
        this.reference = reference;
        this.output = output;
        this.weights = weights;
    }

    /// Checks the gradients of an output with respect to parameters on a [ReferenceBackend].
    ///
    /// @param parameters what the output depends on; their values are changed and restored
    /// @param output computes a float32 tensor of any shape from the parameters' present values,
    ///   the same each time
    /// @throws IllegalArgumentException if a parameter is on another backend
    public static void check(List<Parameter> parameters, Supplier<Tensor> output) {
        var reference = parameters.stream().map(GradCheck::reference).toList().getFirst();
        var random = new Random(1);
        float[][] weights = new float[1][];
        Memory.scope(
                () -> {
                    weights[0] = new float[output.get().shape().size()];
                    for (int i = 0; i < weights[0].length; i++) {
                        weights[0][i] = 2 * random.nextFloat() - 1;
                    }
                });
        new GradCheck(reference, output, weights[0]).check(parameters);
    }

    private static ReferenceBackend reference(Parameter parameter) {
        if (parameter.value().backend() instanceof ReferenceBackend reference) {
            return reference;
        }
        throw new IllegalArgumentException(
                "gradCheck: %s must be on the reference backend, not on '%s'"
                        .formatted(parameter.path(), parameter.value().backend().name()));
    }

    private void check(List<Parameter> parameters) {
        Evaluation first = evaluate();
        Evaluation second = evaluate();
        if (Double.compare(first.value, second.value) != 0) {
            throw new AssertionError(
                    "gradCheck: the output differs between two calls, %s and %s".formatted(first.value, second.value));
        }
        double[][] gradients = gradients(parameters);
        for (int i = 0; i < gradients.length; i++) {
            if (gradients[i].length <= ENTRIES) {
                checkEntries(parameters.get(i), gradients[i]);
            } else {
                checkDirections(parameters.get(i), gradients[i]);
            }
        }
    }

    private double[][] gradients(List<Parameter> parameters) {
        double[][] values = new double[parameters.size()][];
        Memory.scope(
                () -> {
                    Gradients gradients = Autograd.differentiate(parameters, () -> weighted(output.get()).sum());
                    for (int i = 0; i < values.length; i++) {
                        Tensor gradient = gradients.all().get(i);
                        values[i] = reference.values(gradient.view());
                    }
                });
        return values;
    }

    private Tensor weighted(Tensor y) {
        return y.multiply(Tensor.of(reference, y.shape(), weights));
    }

    /// The output, weighted and summed.
    ///
    /// @param value the sum
    /// @param magnitude the sum of the absolute values
    private record Evaluation(double value, double magnitude) {}

    private Evaluation evaluate() {
        Evaluation[] evaluation = new Evaluation[1];
        Memory.scope(
                () -> {
                    double[] elements = reference.values(weighted(output.get()).view());
                    evaluation[0] =
                            new Evaluation(Arrays.stream(elements).sum(), Arrays.stream(elements).map(Math::abs).sum());
                });
        return evaluation[0];
    }

    /// A derivative by central difference.
    ///
    /// @param value the quotient
    /// @param noise what the rounding of two sums in double may add to it
    private record Difference(double value, double noise) {
        static Difference of(Evaluation above, Evaluation below, double step) {
            double magnitude = 1 + above.magnitude + below.magnitude;
            return new Difference((above.value - below.value) / (2 * step), 1e-15 * magnitude / step);
        }

        boolean agrees(double gradient) {
            double scale = Math.max(Math.abs(value), Math.abs(gradient));
            return Math.abs(value - gradient) <= RELATIVE * scale + noise;
        }
    }

    private void checkEntries(Parameter parameter, double[] gradient) {
        Shape shape = parameter.shape();
        for (int i = 0; i < gradient.length; i++) {
            double[] direction = new double[gradient.length];
            direction[i] = 1;
            Difference expected = difference(parameter, direction, STEP);
            if (!expected.agrees(gradient[i])) {
                String place = Arrays.toString(Indices.coordinates(i, shape));
                throw wrong(parameter.path() + place, expected, gradient[i]);
            }
        }
    }

    private void checkDirections(Parameter parameter, double[] gradient) {
        var random = new Random(2);
        for (int d = 0; d < DIRECTIONS; d++) {
            double[] direction = random.doubles(gradient.length, -1, 1).toArray();
            double length = Math.sqrt(Arrays.stream(direction).map(x -> x * x).sum());
            double slope = 0;
            for (int i = 0; i < direction.length; i++) {
                direction[i] /= length;
                slope += gradient[i] * direction[i];
            }
            Difference expected = difference(parameter, direction, DIRECTION_STEP);
            if (!expected.agrees(slope)) {
                checkEntries(parameter, gradient);
                throw wrong(parameter.path() + " along random direction " + d, expected, slope);
            }
        }
    }

    private static AssertionError wrong(String what, Difference expected, double actual) {
        return new AssertionError(
                String.format(
                        Locale.ROOT,
                        "gradient of %s: expected %.6g (central difference) but got %.6g",
                        what,
                        expected.value,
                        actual));
    }

    private Difference difference(Parameter parameter, double[] direction, double step) {
        double[] values = reference.values(parameter.value().view());
        try {
            move(parameter, values, direction, step);
            Evaluation above = evaluate();
            move(parameter, values, direction, -step);
            Evaluation below = evaluate();
            return Difference.of(above, below, step);
        } finally {
            move(parameter, values, direction, 0);
        }
    }

    private void move(Parameter parameter, double[] from, double[] direction, double step) {
        for (int i = 0; i < from.length; i++) {
            reference.set(parameter.value().view(), i, from[i] + step * direction[i]);
        }
    }
}
