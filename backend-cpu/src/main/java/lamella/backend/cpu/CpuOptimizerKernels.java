package lamella.backend.cpu;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;

/// The update rules, cut into chunks over the threads. The loops of [OptimizerLoops] want one index
/// for all arrays; where views begin at different places (rare: each parameter has a storage of its
/// own) a chunk is copied out, updated and copied back.
final class CpuOptimizerKernels implements OptimizerKernels {
    private final Workers workers;
    private final ArrayPool pool;

    CpuOptimizerKernels(Workers workers, ArrayPool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /// An update of the indices `from` to `to - 1`.
    ///
    /// The arrays are those of the views, in their order.
    @FunctionalInterface
    private interface Update {
        void run(float[][] arrays, int from, int to);
    }

    private void update(Update rule, View... views) {
        int offset = views[0].offset();
        boolean aligned = true;
        float[][] arrays = new float[views.length][];
        for (int i = 0; i < views.length; i++) {
            arrays[i] = CpuStorage.floats(views[i]);
            aligned &= views[i].offset() == offset;
        }
        if (aligned) {
            workers.split(
                    views[0].size(),
                    CpuElementwiseKernels.CHEAP / 2,
                    (start, end) -> rule.run(arrays, offset + start, offset + end));
        } else {
            workers.split(
                    views[0].size(),
                    CpuElementwiseKernels.CHEAP / 2,
                    (start, end) -> updateCopies(rule, views, arrays, start, end));
        }
    }

    private void updateCopies(Update rule, View[] views, float[][] arrays, int start, int end) {
        int n = end - start;
        float[][] copies = new float[views.length][];
        for (int i = 0; i < views.length; i++) {
            copies[i] = pool.take(n);
            System.arraycopy(arrays[i], views[i].offset() + start, copies[i], 0, n);
        }
        rule.run(copies, 0, n);
        for (int i = 0; i < views.length; i++) {
            // The gradient, the second, is only read: it may be in use elsewhere.
            if (i != 1) {
                System.arraycopy(copies[i], 0, arrays[i], views[i].offset() + start, n);
            }
            pool.give(copies[i]);
        }
    }

    @Override
    public void sgd(Sgd constants, View parameter, View gradient) {
        update((a, from, to) -> OptimizerLoops.sgd(constants, a[0], a[1], from, to), parameter, gradient);
    }

    @Override
    public void momentum(Sgd constants, View parameter, View gradient, View velocity) {
        Update rule =
                constants.nesterov()
                        ? (a, from, to) -> OptimizerLoops.nesterov(constants, a[0], a[1], a[2], from, to)
                        : (a, from, to) -> OptimizerLoops.momentum(constants, a[0], a[1], a[2], from, to);
        update(rule, parameter, gradient, velocity);
    }

    @Override
    public void adam(Adam constants, View parameter, View gradient, View mean, View square) {
        update(
                (a, from, to) -> OptimizerLoops.adam(constants, a[0], a[1], a[2], a[3], from, to),
                parameter,
                gradient,
                mean,
                square);
    }

    @Override
    public void rmsProp(RmsProp constants, View parameter, View gradient, View square, View velocity) {
        update(
                (a, from, to) -> OptimizerLoops.rmsProp(constants, a[0], a[1], a[2], a[3], from, to),
                parameter,
                gradient,
                square,
                velocity);
    }

    @Override
    public void adagrad(Adagrad constants, View parameter, View gradient, View square) {
        update(
                (a, from, to) -> OptimizerLoops.adagrad(constants, a[0], a[1], a[2], from, to),
                parameter,
                gradient,
                square);
    }
}
