package lamella.tck;

import lamella.array.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Softmax, its logarithm, the cross-entropy and their gradients.
///
/// An exponent is wrong by the rounding of the difference from the row's maximum, up to 1 unit of
/// that difference, so the bounds contain the range of the row.
final class SoftmaxCases {
    private SoftmaxCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        int[][] shapes = {
            {1, 1},
            {3, 2},
            {5, 7},
            {2, 8},
            {7, 9},
            {1, 15},
            {4, 16},
            {3, 17},
            {9, 31},
            {2, 33},
            {1, 65},
            {1000, 10},
            {17, 1003},
            {2, 20_000},
            {0, 5}
        };
        for (int[] dims : shapes) {
            add(cases, 3, Operand.uniform(1, -3, 3, dims));
            add(cases, 60, Operand.uniform(2, -60, 60, dims));
            add(cases, 1, Operand.uniform(3, 9999, 10_000, dims)); // e^x overflows
        }
        special(cases);
        return cases.stream();
    }

    private static void add(List<KernelCase> cases, double range, Operand x) {
        int classes = x.shape().dim(1);
        double units = 8 + 4 * range + Tolerance.sumUnits(classes);
        double largest = Math.abs(x.floats().length == 0 ? 0 : x.floats()[0]);
        KernelCase softmax = softmax(x, Tolerance.relative(units));
        KernelCase logSoftmax = logSoftmax(x, Tolerance.relativeTo(units, Math.max(1, Math.min(largest, range))));
        cases.add(softmax);
        cases.add(logSoftmax);
        Operand gradient = Operand.random(4, x.shape().dims());
        double[] y = softmax.expected()[1];
        double[] logY = logSoftmax.expected()[1];
        cases.add(
                KernelCase.of(
                        "softmaxGradient of " + x.shape(),
                        // |g| ≤ 1 and Σ y = 1: both terms are at most y
                        (kernelCase, _, _) -> bounds(units, kernelCase.operands().get(0).floats()),
                        (b, v) -> b.softmax().softmaxGradient(v.get(0), v.get(1), v.get(2)),
                        Operand.generated(x.shape(), i -> y[i]),
                        gradient,
                        Operand.out(x.shape().dims())));
        cases.add(
                KernelCase.of(
                        "logSoftmaxGradient of " + x.shape(),
                        (_, _, expected) -> ofLogSoftmaxGradient(units, y, gradient, expected),
                        (b, v) -> b.softmax().logSoftmaxGradient(v.get(0), v.get(1), v.get(2)),
                        Operand.generated(x.shape(), i -> logY[i]),
                        gradient,
                        Operand.out(x.shape().dims())));
        for (float smoothing : new float[] {0, 0.1f}) {
            crossEntropy(cases, x, smoothing, units, Math.max(1, range));
        }
    }

    private static double[] bounds(double units, float[] magnitudes) {
        double[] allowed = new double[magnitudes.length];
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = Tolerance.bound(units, 2 * magnitudes[i]);
        }
        return allowed;
    }

    private static double[] ofLogSoftmaxGradient(double units, double[] y, Operand gradient, double[] expected) {
        int classes = gradient.shape().dim(1);
        double[] sums = new double[gradient.shape().dim(0)];
        for (int i = 0; i < expected.length; i++) {
            sums[i / classes] += Math.abs(gradient.floats()[i]);
        }
        double[] allowed = new double[expected.length];
        for (int i = 0; i < allowed.length; i++) {
            double terms = Math.abs(gradient.floats()[i]) + y[i] * sums[i / classes];
            allowed[i] = Tolerance.bound(units, terms);
        }
        return allowed;
    }

    private static KernelCase softmax(Operand x, Tolerance tolerance) {
        return KernelCase.of(
                "softmax of " + x.shape(),
                tolerance,
                (b, v) -> b.softmax().softmax(v.get(0), v.get(1)),
                x,
                Operand.out(x.shape().dims()));
    }

    private static KernelCase logSoftmax(Operand x, Tolerance tolerance) {
        return KernelCase.of(
                "logSoftmax of " + x.shape(),
                tolerance,
                (b, v) -> b.softmax().logSoftmax(v.get(0), v.get(1)),
                x,
                Operand.out(x.shape().dims()));
    }

    /// Labels include −1, the first and the last class.
    private static Operand labels(Shape logits) {
        int classes = logits.dim(1);
        int[] labels = new int[logits.dim(0)];
        for (int i = 0; i < labels.length; i++) {
            labels[i] =
                    switch (i % 4) {
                        case 0 -> classes - 1;
                        case 1 -> -1;
                        case 2 -> 0;
                        default -> i * 7 % classes;
                    };
        }
        return Operand.ofInts(Shape.of(labels.length), labels);
    }

    private static void crossEntropy(List<KernelCase> cases, Operand x, float smoothing, double units, double scale) {
        int rows = x.shape().dim(0);
        cases.add(
                KernelCase.of(
                        "crossEntropy of %s, smoothing %s".formatted(x.shape(), smoothing),
                        Tolerance.relativeTo(units, scale),
                        (b, v) -> b.softmax().crossEntropy(v.get(0), v.get(1), smoothing, v.get(2)),
                        x,
                        labels(x.shape()),
                        Operand.out(rows)));
        cases.add(
                KernelCase.of(
                        "crossEntropyGradient of %s, smoothing %s".formatted(x.shape(), smoothing),
                        // softmax and target are at most 1, and so is |g|
                        Tolerance.relativeTo(units, 1),
                        (b, v) -> b.softmax().crossEntropyGradient(v.get(0), v.get(1), smoothing, v.get(2), v.get(3)),
                        x,
                        labels(x.shape()),
                        Operand.random(5, rows),
                        Operand.out(x.shape().dims())));
    }

    /// −∞ stands for a class that is masked: probability 0. A NaN spoils its row and no other.
    private static void special(List<KernelCase> cases) {
        float mask = Float.NEGATIVE_INFINITY;
        Operand masked = Operand.generated(Shape.of(5, 17), i -> i % 3 == 0 ? mask : Math.sin(i));
        cases.add(softmax(masked, Tolerance.relative(64)));
        cases.add(logSoftmax(masked, Tolerance.relative(64)));
        Operand spoilt = Operand.generated(Shape.of(5, 17), i -> i == 2 * 17 + 4 ? Float.NaN : Math.sin(i));
        cases.add(softmax(spoilt, Tolerance.relative(64)));
        cases.add(logSoftmax(spoilt, Tolerance.relative(64)));
        Operand largest =
                Operand.of(
                        Shape.of(2, 3),
                        Float.MAX_VALUE,
                        -Float.MAX_VALUE,
                        Float.MAX_VALUE,
                        -Float.MAX_VALUE,
                        -Float.MAX_VALUE,
                        0);
        cases.add(softmax(largest, Tolerance.relative(8)));
        Operand denormal = Operand.of(Shape.of(1, 3), 1e-40f, -1e-40f, 0);
        cases.add(softmax(denormal, Tolerance.relative(16)));
        cases.add(logSoftmax(denormal, Tolerance.relative(16)));
    }
}
