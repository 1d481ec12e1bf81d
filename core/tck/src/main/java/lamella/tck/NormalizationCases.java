package lamella.tck;

import lamella.array.LocalResponseOptions;
import lamella.array.Shape;
import lamella.backend.NormalizationKernels;
import lamella.backend.View;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Batch and local response normalisation; layer normalisation is in [LayerNormCases].
///
/// Differences from the mean lose accuracy where the mean is large beside the deviation, so bounds
/// contain |x| / deviation. A variance as the mean of squares less the square of the mean, in
/// float32, does not pass: its error contains the square of that ratio.
final class NormalizationCases {
    private static final float EPSILON = 1e-5f;

    private NormalizationCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        int[][] shapes = {
            {1, 1},
            {9, 1},
            {7, 33},
            {2, 3, 5, 7},
            {3, 17, 1, 1},
            {5, 4, 9},
            {1, 3, 16, 16},
            {16, 32, 14, 14},
            {300, 64}
        };
        for (int[] dims : shapes) {
            batchNorm(cases, Operand.uniform(1, -1, 2, dims));
            batchNorm(cases, Operand.uniform(2, 99, 101, dims));
        }
        cases.add(moments(Operand.uniform(3, 999, 1001, 4, 3, 15, 15)));
        cases.add(moments(Operand.generated(Shape.of(5, 3, 2, 2), _ -> 7.25)));
        cases.add(
                KernelCase.of(
                        "batchNorm of an empty batch",
                        Tolerance.relative(1),
                        (b, v) ->
                                b.normalization().batchNorm(v.get(0), v.get(1), v.get(2), v.get(3), EPSILON, v.get(4)),
                        Operand.random(1, 0, 3, 2, 2),
                        Operand.random(2, 3),
                        Operand.random(3, 3),
                        Operand.uniform(4, 0, 1, 2, 3),
                        Operand.out(0, 3, 2, 2)));
        localResponse(cases);
        LayerNormCases.add(cases);
        return cases.stream();
    }

    /// Mean, deviation and largest magnitude of each channel.
    private record Channels(Operand x, double[] moments) {
        static Channels of(Operand x) {
            return new Channels(x, NormalizationCases.moments(x).expected()[1]);
        }

        int count() {
            return x.shape().dim(1);
        }

        int channel(int element) {
            return element / x.shape().sizeBetween(2, x.shape().rank()) % count();
        }

        int elements() {
            return x.shape().size() / count();
        }

        double deviation(int channel) {
            return Math.sqrt(moments[count() + channel] + EPSILON);
        }

        /// Returns 1 + |mean| / deviation: how much a centred value loses.
        double condition(int channel) {
            return 1 + Math.abs(moments[channel]) / deviation(channel);
        }

        Operand rounded() {
            return Operand.generated(Shape.of(2, count()), i -> moments[i]);
        }
    }

    private static KernelCase moments(Operand x) {
        int channels = x.shape().dim(1);
        int count = x.shape().size() / channels;
        Tolerance tolerance =
                (_, _, expected) -> {
                    double[] allowed = new double[2 * channels];
                    for (int c = 0; c < channels; c++) {
                        double mean = Math.abs(expected[c]);
                        double variance = expected[channels + c];
                        double deviation = Math.sqrt(variance);
                        double units = Tolerance.sumUnits(count);
                        allowed[c] = Tolerance.bound(units, mean + deviation);
                        double lost = Tolerance.bound(units, mean);
                        allowed[channels + c] = Tolerance.bound(units, variance + deviation * mean) + lost * lost;
                    }
                    return allowed;
                };
        return KernelCase.of(
                "moments of " + x.shape(),
                tolerance,
                (b, v) -> b.normalization().moments(v.get(0), v.get(1)),
                x,
                Operand.out(2, channels));
    }

    private static void batchNorm(List<KernelCase> cases, Operand x) {
        Channels channels = Channels.of(x);
        Operand scale = Operand.uniform(4, 0.5, 2, channels.count());
        Operand shift = Operand.random(5, channels.count());
        cases.add(moments(x));
        cases.add(
                KernelCase.of(
                        "batchNorm of " + x.shape(),
                        ofBatchNorm(channels, scale, shift),
                        (b, v) ->
                                b.normalization().batchNorm(v.get(0), v.get(1), v.get(2), v.get(3), EPSILON, v.get(4)),
                        x,
                        scale,
                        shift,
                        channels.rounded(),
                        Operand.out(x.shape().dims())));
        Operand gradient = Operand.random(6, x.shape().dims());
        cases.add(
                KernelCase.of(
                        "batchNormGradient of " + x.shape(),
                        ofBatchNormGradient(channels, scale, gradient),
                        (b, v) -> batchNormGradient(b.normalization(), v),
                        x,
                        scale,
                        channels.rounded(),
                        gradient,
                        Operand.out(x.shape().dims()),
                        Operand.out(channels.count()),
                        Operand.out(channels.count())));
    }

    private static void batchNormGradient(NormalizationKernels kernels, List<View> v) {
        kernels.batchNormGradient(v.get(0), v.get(1), v.get(2), EPSILON, v.get(3), v.get(4), v.get(5), v.get(6));
    }

    /// 8 roundings of |x| + |mean|, scaled, and of the shift: scale and shift may be folded into
    /// one multiplication and one addition.
    private static Tolerance ofBatchNorm(Channels channels, Operand scale, Operand shift) {
        return (_, _, expected) -> {
            double[] allowed = new double[expected.length];
            for (int i = 0; i < allowed.length; i++) {
                int c = channels.channel(i);
                double terms = Math.abs(channels.x().floats()[i]) + Math.abs(channels.moments()[c]);
                allowed[i] =
                        Tolerance.bound(
                                8,
                                terms / channels.deviation(c) * Math.abs(scale.floats()[c])
                                        + Math.abs(shift.floats()[c]));
            }
            return allowed;
        };
    }

    private static Tolerance ofBatchNormGradient(Channels channels, Operand scale, Operand gradient) {
        return (_, operand, expected) -> {
            int count = channels.elements();
            double[] sums = new double[channels.count()];
            double[] products = new double[channels.count()];
            for (int i = 0; i < gradient.floats().length; i++) {
                int c = channels.channel(i);
                double g = Math.abs(gradient.floats()[i]);
                sums[c] += g;
                products[c] += g * normal(channels, i);
            }
            double units = Tolerance.sumUnits(count);
            double[] allowed = new double[expected.length];
            for (int i = 0; i < allowed.length; i++) {
                int c = operand == 4 ? channels.channel(i) : i;
                double lost = channels.condition(c);
                double magnitude =
                        switch (operand) {
                            case 4 ->
                                    lost
                                            * Math.abs(scale.floats()[c])
                                            / channels.deviation(c)
                                            * (Math.abs(gradient.floats()[i])
                                                    + sums[c] / count
                                                    + normal(channels, i) * products[c] / count);
                            case 5 -> products[c] + lost * sums[c];
                            default -> sums[c];
                        };
                allowed[i] = Tolerance.bound(units, magnitude);
            }
            return allowed;
        };
    }

    private static double normal(Channels channels, int i) {
        int c = channels.channel(i);
        return Math.abs(channels.x().floats()[i] - channels.moments()[c]) / channels.deviation(c);
    }

    /// The sum is over squares, so nothing cancels in it; a power of the base may be wrong by 32
    /// units. In the gradient two terms are subtracted.
    private static void localResponse(List<KernelCase> cases) {
        LocalResponseOptions alexNet = new LocalResponseOptions(5, 1e-4f, 0.75f, 2);
        LocalResponseOptions strong = new LocalResponseOptions(3, 1.5f, 0.5f, 1);
        LocalResponseOptions alone = new LocalResponseOptions(1, 0.5f, 1, 1);
        int[][] shapes = {{1, 1, 1, 1}, {2, 3, 5, 7}, {2, 9, 3, 3}, {1, 17, 1, 33}, {4, 32, 14, 14}, {0, 3, 4, 4}};
        for (int[] dims : shapes) {
            for (LocalResponseOptions constants : List.of(alexNet, strong, alone)) {
                Operand x = Operand.uniform(7, -3, 3, dims);
                KernelCase forward =
                        KernelCase.of(
                                "localResponse of %s, %s".formatted(x.shape(), constants),
                                Tolerance.relative(32),
                                (b, v) -> b.normalization().localResponse(v.get(0), constants, v.get(1)),
                                x,
                                Operand.out(dims));
                cases.add(forward);
                double[] y = forward.expected()[1];
                cases.add(
                        KernelCase.of(
                                "localResponseGradient of %s, %s".formatted(x.shape(), constants),
                                // |g| < 1, bases of at least 1 and x² / base < 2 size keep all
                                // terms below 1 + 2 size
                                Tolerance.relativeTo(32, 1 + 2 * constants.size()),
                                (b, v) ->
                                        b.normalization()
                                                .localResponseGradient(
                                                        v.get(0), v.get(1), v.get(2), constants, v.get(3)),
                                x,
                                Operand.generated(x.shape(), i -> y[i]),
                                Operand.random(8, dims),
                                Operand.out(dims)));
            }
        }
    }
}
