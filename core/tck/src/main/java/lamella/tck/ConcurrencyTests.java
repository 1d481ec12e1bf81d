package lamella.tck;

import lamella.backend.Backend;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Two threads that use one backend at once do not disturb each other.
final class ConcurrencyTests {
    private static final int ROUNDS = 5;

    private record Prepared(KernelCase kernelCase, CaseRunner.Expectation expected) {
        static Prepared of(KernelCase kernelCase) {
            return new Prepared(kernelCase, CaseRunner.Expectation.of(kernelCase));
        }
    }

    private ConcurrencyTests() {}

    /// Two threads run cases of the groups with scratch memory and with threads of their own, one
    /// forwards, one backwards, from a common start.
    static void check(Backend backend) throws Exception {
        List<Prepared> cases =
                Stream.of(
                                named("multiply [65, 33]", MatrixCases.all()),
                                named("forward, x [2, 6, 14, 14]", ConvolutionCases.all()),
                                named("weightGradient, x [2, 6, 14, 14]", ConvolutionCases.all()),
                                named("SUM of [300, 1037]", ReductionCases.all()),
                                named("softmax of [1000, 10]", SoftmaxCases.all()),
                                named("ADD [100003]", ElementwiseCases.all()))
                        .flatMap(s -> s)
                        .map(Prepared::of)
                        .toList();
        var start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> runs = new ArrayList<>();
            for (List<Prepared> order : List.of(cases, cases.reversed())) {
                runs.add(threads.submit(repeat(backend, order, start)));
            }
            start.countDown();
            for (Future<?> run : runs) {
                run.get();
            }
        }
    }

    private static Stream<KernelCase> named(String start, Stream<KernelCase> cases) {
        List<KernelCase> found = cases.filter(c -> c.name().startsWith(start)).toList();
        if (found.isEmpty()) {
            throw new IllegalStateException("no kernel case begins with " + start);
        }
        return found.stream();
    }

    private static Callable<Void> repeat(Backend backend, List<Prepared> cases, CountDownLatch start) {
        return () -> {
            start.await();
            var runner = new CaseRunner(List.of(backend));
            for (int round = 0; round < ROUNDS; round++) {
                cases.forEach(c -> runner.check(c.kernelCase(), c.expected()));
            }
            return null;
        };
    }
}
