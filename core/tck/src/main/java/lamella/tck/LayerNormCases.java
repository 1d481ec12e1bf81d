package lamella.tck;

import java.util.List;
import java.util.stream.Stream;

/// Layer normalisation and its gradients.
final class LayerNormCases {
    private static final float EPSILON = 1e-5f;

    private LayerNormCases() {}

    static void add(List<KernelCase> cases) {
        int[][] shapes = {
            {1, 1},
            {3, 7},
            {7, 8},
            {9, 15},
            {2, 17},
            {5, 33},
            {33, 65},
            {300, 207},
            {0, 9},
            {2, 4096}
        };
        for (int[] dims : shapes) {
            Stream.of(Operand.uniform(1, -1, 2, dims), Operand.uniform(2, 49, 51, dims)).forEach(x -> add(cases, x));
        }
    }

    /// Mean and deviation of each row, and how much a centred value of it loses.
    private record Rows(Operand x, double[] means, double[] deviations) {
        static Rows of(Operand x) {
            int rows = x.shape().dim(0);
            int features = x.shape().dim(1);
            double[] means = new double[rows];
            double[] deviations = new double[rows];
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                double squares = 0;
                for (int f = 0; f < features; f++) {
                    double value = x.floats()[row * features + f];
                    sum += value;
                    squares += value * value;
                }
                means[row] = sum / features;
                double variance = squares / features - means[row] * means[row];
                deviations[row] = Math.sqrt(Math.max(variance, 0) + EPSILON);
            }
            return new Rows(x, means, deviations);
        }

        double normal(int i) {
            int row = i / x.shape().dim(1);
            return Math.abs(x.floats()[i] - means[row]) / deviations[row];
        }

        double condition(int i) {
            int row = i / x.shape().dim(1);
            return 1 + Math.abs(means[row]) / deviations[row];
        }
    }

    private static void add(List<KernelCase> cases, Operand x) {
        int features = x.shape().dim(1);
        Operand scale = Operand.uniform(3, 0.5, 2, features);
        Operand shift = Operand.random(4, features);
        Operand gradient = Operand.random(5, x.shape().dims());
        Rows rows = Rows.of(x);
        cases.add(
                KernelCase.of(
                        "layerNorm of " + x.shape(),
                        forward(rows, scale, shift),
                        (b, v) -> b.normalization().layerNorm(v.get(0), v.get(1), v.get(2), EPSILON, v.get(3)),
                        x,
                        scale,
                        shift,
                        Operand.out(x.shape().dims())));
        cases.add(
                KernelCase.of(
                        "layerNormGradient of " + x.shape(),
                        ofGradient(rows, scale, gradient),
                        (b, v) ->
                                b.normalization()
                                        .layerNormGradient(
                                                v.get(0), v.get(1), EPSILON, v.get(2), v.get(3), v.get(4), v.get(5)),
                        x,
                        scale,
                        gradient,
                        Operand.out(x.shape().dims()),
                        Operand.out(features),
                        Operand.out(features)));
    }

    /// Mean and variance are sums over the features.
    private static Tolerance forward(Rows rows, Operand scale, Operand shift) {
        return (_, _, expected) -> {
            int features = rows.x().shape().dim(1);
            double[] allowed = new double[expected.length];
            for (int i = 0; i < allowed.length; i++) {
                double magnitude =
                        (rows.normal(i) + 1) * rows.condition(i) * scale.floats()[i % features]
                                + Math.abs(shift.floats()[i % features]);
                allowed[i] = Tolerance.bound(Tolerance.sumUnits(features), magnitude);
            }
            return allowed;
        };
    }

    private static Tolerance ofGradient(Rows rows, Operand scale, Operand gradient) {
        return (_, operand, expected) -> {
            int count = rows.x().shape().dim(0);
            int features = rows.x().shape().dim(1);
            double[] allowed = new double[expected.length];
            if (operand == 3) {
                double units = Tolerance.sumUnits(features);
                for (int row = 0; row < count; row++) {
                    double sum = 0;
                    double product = 0;
                    for (int f = 0; f < features; f++) {
                        int i = row * features + f;
                        double g = Math.abs(gradient.floats()[i]) * scale.floats()[f];
                        sum += g / features;
                        product += g * rows.normal(i) / features;
                    }
                    for (int f = 0; f < features; f++) {
                        int i = row * features + f;
                        double g = Math.abs(gradient.floats()[i]) * scale.floats()[f];
                        double terms = g + sum + (rows.normal(i) + 1) * (product + sum);
                        allowed[i] = Tolerance.bound(units, terms * rows.condition(i) / rows.deviations()[row]);
                    }
                }
                return allowed;
            }
            double units = Tolerance.sumUnits(count) + Tolerance.sumUnits(features);
            for (int f = 0; f < features; f++) {
                double magnitude = 0;
                for (int row = 0; row < count; row++) {
                    int i = row * features + f;
                    double factor = operand == 4 ? (rows.normal(i) + 1) * rows.condition(i) : 1;
                    magnitude += Math.abs(gradient.floats()[i]) * factor;
                }
                allowed[f] = Tolerance.bound(units, magnitude);
            }
            return allowed;
        };
    }
}
