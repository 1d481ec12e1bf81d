package lamella.backend.cpu;

import lamella.array.Shape;
import lamella.backend.LayoutKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;

import java.util.List;

/// Rearrangements: each is a copy between two boxes with strides of their own.
final class CpuLayoutKernels implements LayoutKernels {
    private final Workers workers;

    CpuLayoutKernels(Workers workers) {
        this.workers = workers;
    }

    private void copy(View x, int from, int[] fromStrides, View out, int to, int[] toStrides, Shape box) {
        if (box.size() > 0) {
            var axes = new Axes(box.dims(), fromStrides, toStrides);
            var source = new StridedCopy.Place(CpuStorage.array(x), from);
            var target = new StridedCopy.Place(CpuStorage.array(out), to);
            StridedCopy.run(workers, axes, source, target);
        }
    }

    @Override
    public void permute(View x, int[] order, View out) {
        int[] own = Axes.strides(x.shape());
        int[] strides = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            strides[i] = own[order[i]];
        }
        Shape shape = out.shape();
        copy(x, x.offset(), strides, out, out.offset(), Axes.strides(shape), shape);
    }

    @Override
    public void broadcast(View x, View out) {
        Shape shape = out.shape();
        int[] strides = Axes.broadcastStrides(x.shape(), shape);
        copy(x, x.offset(), strides, out, out.offset(), Axes.strides(shape), shape);
    }

    /// Returns how far the element at `start` is from the first.
    private static int distance(int[] strides, int[] start) {
        int distance = 0;
        for (int i = 0; i < start.length; i++) {
            distance += strides[i] * start[i];
        }
        return distance;
    }

    @Override
    public void slice(View x, int[] start, View out) {
        Shape shape = out.shape();
        if (shape.size() == 0) {
            return;
        }
        int[] strides = Axes.strides(x.shape());
        int from = x.offset() + distance(strides, start);
        copy(x, from, strides, out, out.offset(), Axes.strides(shape), shape);
    }

    @Override
    public void pad(View x, int[] start, float value, View out) {
        var target = new StridedCopy.Place(CpuStorage.array(out), out.offset());
        workers.split(out.size(), CpuElementwiseKernels.CHEAP, (first, end) -> target.fill(first, end, value));
        int[] strides = Axes.strides(out.shape());
        int to = out.offset() + distance(strides, start);
        copy(x, x.offset(), Axes.strides(x.shape()), out, to, strides, x.shape());
    }

    @Override
    public void concatenate(List<View> parts, int axis, View out) {
        int[] strides = Axes.strides(out.shape());
        int to = out.offset();
        for (View part : parts) {
            Shape shape = part.shape();
            copy(part, part.offset(), Axes.strides(shape), out, to, strides, shape);
            to += part.dim(axis) * strides[axis];
        }
    }

    @Override
    public void reverse(View x, int axis, View out) {
        Shape shape = out.shape();
        int[] strides = Axes.strides(shape);
        int from = x.offset() + (shape.dim(axis) - 1) * strides[axis];
        strides[axis] = -strides[axis];
        copy(x, from, strides, out, out.offset(), Axes.strides(shape), shape);
    }
}
