package lamella.tck;

import lamella.backend.OptimizerKernels.Adagrad;
import lamella.backend.OptimizerKernels.Adam;
import lamella.backend.OptimizerKernels.RmsProp;
import lamella.backend.OptimizerKernels.Sgd;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One step of each update rule, with each of its constants at work.
///
/// Parameters, gradients and velocities lie in [−1, 1), mean squares in [0.01, 1), so no term
/// exceeds 20: the bound is 8 roundings of that at most, of 1 where nothing is divided.
final class OptimizerCases {
    private static final Tolerance SUMS = Tolerance.relativeTo(8, 1);
    private static final Tolerance QUOTIENTS = Tolerance.relativeTo(8, 20);

    private OptimizerCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (int n : ElementwiseCases.LENGTHS) {
            sgd(cases, n, new Sgd(0.1f, 0, false, 0));
            sgd(cases, n, new Sgd(0.1f, 0, false, 0.01f));
            momentum(cases, n, new Sgd(0.1f, 0.9f, false, 0));
            momentum(cases, n, new Sgd(0.05f, 0.9f, false, 0.01f));
            momentum(cases, n, new Sgd(0.05f, 0.9f, true, 0.01f));
            adam(cases, n, new Adam(1e-3f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.001f, 0, 0));
            adam(cases, n, new Adam(1e-2f, 0.9f, 0.99f, 1e-4f, 0.65f, 0.1f, 0.01f, 0));
            adam(cases, n, new Adam(1e-2f, 0.8f, 0.99f, 1e-8f, 1, 1, 0, 0.1f));
            rmsProp(cases, n, new RmsProp(1e-2f, 0.9f, 1e-8f, 0, 0));
            rmsProp(cases, n, new RmsProp(1e-2f, 0.99f, 1e-3f, 0.9f, 0.01f));
            adagrad(cases, n, new Adagrad(1e-2f, 1e-10f, 0));
            adagrad(cases, n, new Adagrad(1e-2f, 1e-3f, 0.01f));
        }
        return cases.stream();
    }

    private static Operand changed(int seed, int n) {
        return Operand.random(seed, n).changed();
    }

    private static Operand square(int n) {
        return Operand.uniform(9, 0.01, 1, n).changed();
    }

    private static void sgd(List<KernelCase> cases, int n, Sgd constants) {
        cases.add(
                KernelCase.of(
                        "sgd [%d] %s".formatted(n, constants),
                        SUMS,
                        (b, v) -> b.optimizer().sgd(constants, v.get(0), v.get(1)),
                        changed(1, n),
                        Operand.random(2, n)));
    }

    private static void momentum(List<KernelCase> cases, int n, Sgd constants) {
        cases.add(
                KernelCase.of(
                        "momentum [%d] %s".formatted(n, constants),
                        SUMS,
                        (b, v) -> b.optimizer().momentum(constants, v.get(0), v.get(1), v.get(2)),
                        changed(1, n),
                        Operand.random(2, n),
                        changed(3, n)));
    }

    private static void adam(List<KernelCase> cases, int n, Adam constants) {
        cases.add(
                KernelCase.of(
                        "adam [%d] %s".formatted(n, constants),
                        SUMS,
                        (b, v) -> b.optimizer().adam(constants, v.get(0), v.get(1), v.get(2), v.get(3)),
                        changed(1, n),
                        Operand.random(2, n),
                        changed(3, n),
                        square(n)));
    }

    private static void rmsProp(List<KernelCase> cases, int n, RmsProp constants) {
        cases.add(
                KernelCase.of(
                        "rmsProp [%d] %s".formatted(n, constants),
                        QUOTIENTS,
                        (b, v) -> b.optimizer().rmsProp(constants, v.get(0), v.get(1), v.get(2), v.get(3)),
                        changed(1, n),
                        Operand.random(2, n),
                        square(n),
                        changed(3, n)));
    }

    private static void adagrad(List<KernelCase> cases, int n, Adagrad constants) {
        cases.add(
                KernelCase.of(
                        "adagrad [%d] %s".formatted(n, constants),
                        SUMS,
                        (b, v) -> b.optimizer().adagrad(constants, v.get(0), v.get(1), v.get(2)),
                        changed(1, n),
                        Operand.random(2, n),
                        square(n)));
    }
}
