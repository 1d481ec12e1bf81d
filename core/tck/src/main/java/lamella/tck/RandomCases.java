package lamella.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Random numbers: uniform ones in [0, 1) and Bernoulli's bit for bit, others within the rounding
/// of their formula.
final class RandomCases {
    /// Keys and starts: zeros, a start whose blocks carry into the high word, and bits everywhere.
    private static final long[][] STREAMS = {
        {0, 0}, {1, 0}, {0x0123456789ABCDEFL, 0xFFFF_FFFEL}, {-1, -2}, {42, 1L << 40}
    };

    private RandomCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (long[] stream : STREAMS) {
            for (int n : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 65}) {
                add(cases, stream[0], stream[1], n);
            }
        }
        add(cases, 7, 9, 100_003);
        return cases.stream();
    }

    private static void add(List<KernelCase> cases, long key, long start, int n) {
        String name = "[%d] of key %x from %x".formatted(n, key, start);
        cases.add(
                KernelCase.of(
                        "uniform [0, 1) " + name,
                        Tolerance.exact(),
                        (b, v) -> b.random().uniform(key, start, 0, 1, v.get(0)),
                        Operand.out(n)));
        cases.add(
                KernelCase.of(
                        "uniform [-2, 3) " + name,
                        Tolerance.relativeTo(2, 5),
                        (b, v) -> b.random().uniform(key, start, -2, 3, v.get(0)),
                        Operand.out(n)));
        cases.add(
                KernelCase.of(
                        "normal " + name,
                        // the radius is at most √(2 · 24 ln 2) < 6; the angle is rounded at 2π
                        Tolerance.relativeTo(16, 0.25 * 6),
                        (b, v) -> b.random().normal(key, start, 0.5f, 0.25f, v.get(0)),
                        Operand.out(n)));
        for (float probability : new float[] {0, 0.3f, 0.5f, 1}) {
            cases.add(
                    KernelCase.of(
                            "bernoulli(%s) %s".formatted(probability, name),
                            Tolerance.exact(),
                            (b, v) -> b.random().bernoulli(key, start, probability, v.get(0)),
                            Operand.out(n)));
        }
    }
}
