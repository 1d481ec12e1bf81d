package lamella.backend.cuda.kernel;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.LayoutKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

import java.util.ArrayList;
import java.util.List;

/// Rearrangements of words of 4 bytes. An array is gathered in the order of the result, so that
/// writes are adjacent; where that would scatter the reads, tiles go through shared memory.
///
/// ## Errors
/// [IllegalArgumentException] if more than 8 axes are left of an array when those are merged that the
/// rearrangement does not tear apart.
public final class CudaLayoutKernels implements LayoutKernels {
    private static final int WORD = 4;
    private static final int TILE = 32;

    /// From these extents on, a tile is full enough to be worth it.
    private static final int TILED = TILE / 2;

    private static final int MOST_PARTS = 16;
    private static final int PARTS_SLOTS = MOST_PARTS + MOST_PARTS / 2 + 1;

    private final KernelFile kernels;

    /// Makes the kernels of a device.
    public CudaLayoutKernels(Device device) {
        kernels = new KernelFile(device, "layout");
    }

    @Override
    public void permute(View x, int[] order, View out) {
        int[] own = Axes.strides(x.shape());
        int[] strides = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            strides[i] = own[order[i]];
        }
        gather("permute", x, 0, strides, out);
    }

    @Override
    public void broadcast(View x, View out) {
        gather("broadcast", x, 0, Axes.broadcastStrides(x.shape(), out.shape()), out);
    }

    @Override
    public void slice(View x, int[] start, View out) {
        int[] strides = Axes.strides(x.shape());
        int from = 0;
        for (int axis = 0; axis < start.length; axis++) {
            from += strides[axis] * start[axis];
        }
        gather("slice", x, from, strides, out);
    }

    @Override
    public void reverse(View x, int axis, View out) {
        int[] strides = Axes.strides(x.shape());
        int from = (x.dim(axis) - 1) * strides[axis];
        strides[axis] = -strides[axis];
        gather("reverse", x, from, strides, out);
    }

    /// Fills an array from one that has these strides along its axes.
    ///
    /// @param from the place of the first element
    private void gather(String op, View x, int from, int[] strides, View out) {
        Shape shape = out.shape();
        if (shape.size() == 0) {
            return;
        }
        long source = CudaStorage.address(x) + (long) from * WORD;
        long target = CudaStorage.address(out);
        Axes axes = Axes.of(op, shape, strides, Axes.strides(shape));
        if (axes.rank() == 1 && axes.first(0) == 1) {
            CudaElementwiseKernels.copy(kernels.device(), source, target, shape.size());
            return;
        }
        int columns = tiledAxis(axes);
        if (columns > 0) {
            transpose(source, target, axes, columns);
        } else {
            gather(source, target, axes);
        }
    }

    /// Returns the axis along which the source is adjacent, if tiles of it and the innermost axis are
    /// worth it; else 0.
    private static int tiledAxis(Axes axes) {
        if (axes.first(0) <= 1 || axes.extent(0) < TILED) {
            return 0;
        }
        for (int axis = 1; axis < axes.rank(); axis++) {
            if (axes.first(axis) == 1 && axes.extent(axis) >= TILED) {
                return axis;
            }
        }
        return 0;
    }

    private void transpose(long source, long target, Axes axes, int columns) {
        Axes rest = axes.without(0, columns);
        int tiles = Math.ceilDiv(axes.extent(0), TILE) * Math.ceilDiv(axes.extent(columns), TILE);
        long[] values = new long[7 + Axes.SLOTS];
        values[0] = target;
        values[1] = source;
        values[2] = axes.extent(0);
        values[3] = axes.extent(columns);
        values[4] = axes.first(0);
        values[5] = axes.second(columns);
        values[6] = rest.rank();
        rest.write(values, 7);
        kernels.blocks("transpose_box", tiles * rest.size(), values);
    }

    private void gather(long source, long target, Axes axes) {
        boolean packs = KernelFile.aligned(target) && axes.packsFirst(source);
        if (packs) {
            axes.countPacks();
        }
        int n = axes.size();
        long[] values = new long[5 + Axes.SLOTS];
        values[0] = target;
        values[1] = source;
        values[2] = n;
        values[3] = packs ? 1 : 0;
        values[4] = axes.rank();
        axes.write(values, 5);
        kernels.over("gather_box", n, values);
    }

    @Override
    public void pad(View x, int[] start, float value, View out) {
        int word = out.type() == DType.INT32 ? Math.round(value) : Float.floatToRawIntBits(value);
        if (x.size() == 0) {
            CudaElementwiseKernels.fill(kernels.device(), out, word);
            return;
        }
        long source = CudaStorage.address(x);
        long target = CudaStorage.address(out);
        Axes axes = Axes.ofBox("pad", x.shape(), start, out.shape());
        boolean packs = KernelFile.aligned(target) && axes.packsBox(source);
        if (packs) {
            axes.countBoxPacks();
        }
        int n = axes.size();
        long[] values = new long[6 + Axes.SLOTS];
        values[0] = target;
        values[1] = source;
        values[2] = word;
        values[3] = n;
        values[4] = packs ? 1 : 0;
        values[5] = axes.rank();
        axes.write(values, 6);
        kernels.over("pad_box", n, values);
    }

    @Override
    public void concatenate(List<View> parts, int axis, View out) {
        if (out.size() == 0) {
            return;
        }
        List<View> filled = new ArrayList<>(parts);
        filled.removeIf(part -> part.size() == 0);
        int rank = out.shape().rank();
        int rows = out.shape().sizeBetween(0, axis);
        int width = out.shape().sizeBetween(axis, rank);
        long target = CudaStorage.address(out);
        for (int first = 0; first < filled.size(); first += MOST_PARTS) {
            List<View> some = filled.subList(first, Math.min(filled.size(), first + MOST_PARTS));
            int columns = join(some, rows, width, target);
            target += (long) columns * WORD;
        }
    }

    /// Puts at most [#MOST_PARTS] parts side by side.
    ///
    /// @param width words from one row of the result to the next
    /// @return the words that they take of each row
    private int join(List<View> parts, int rows, int width, long target) {
        long[] values = new long[5 + PARTS_SLOTS + Axes.AXIS_SLOTS];
        int[] starts = new int[MOST_PARTS + 2];
        boolean packs = KernelFile.aligned(target) && width % KernelFile.PACK == 0;
        int columns = 0;
        for (int i = 0; i < parts.size(); i++) {
            long from = CudaStorage.address(parts.get(i));
            int words = parts.get(i).size() / rows;
            packs &= KernelFile.aligned(from) && words % KernelFile.PACK == 0;
            values[5 + i] = from;
            starts[i] = columns;
            columns += words;
        }
        starts[MOST_PARTS] = columns;
        for (int i = 0; i < starts.length; i += 2) {
            values[5 + MOST_PARTS + i / 2] = Kernel.pair(starts[i], starts[i + 1]);
        }
        int steps = packs ? columns / KernelFile.PACK : columns;
        int n = rows * steps;
        values[0] = target;
        values[1] = width;
        values[2] = n;
        values[3] = packs ? 1 : 0;
        values[4] = parts.size();
        Axes.write(steps, values, 5 + PARTS_SLOTS);
        kernels.over("join_parts", n, values);
        return columns;
    }
}
