package lamella.backend.cuda.kernel;

import lamella.array.Shape;
import lamella.backend.cuda.runtime.Kernel;

/// The axes of a loop over two arrays, as few as possible: those of extent 1 are left out, and
/// neighbours are merged where both arrays go on from one to the other without a gap. `axes.cuh`
/// describes what the kernels see of it.
///
/// Axis 0 is the innermost. Strides are in elements; 0 repeats an element, and they may be negative.
final class Axes {
    /// Slots that all axes take as a kernel's parameter.
    static final int SLOTS = Axes.MOST * Axes.AXIS_SLOTS;

    /// Slots of one axis.
    static final int AXIS_SLOTS = 3;

    private static final int MOST = 8;

    private final int[] extents = new int[MOST];
    private final int[] first = new int[MOST];
    private final int[] second = new int[MOST];
    private final int[] third = new int[MOST];
    private int rank;

    private Axes() {}

    /// Merges axes, the outermost first as in a shape.
    ///
    /// @param op names the kernel in errors
    /// @param first the strides of one array
    /// @param second the strides of the other
    /// @throws IllegalArgumentException if more than 8 axes are left
    static Axes of(String op, Shape shape, int[] first, int[] second) {
        var axes = new Axes();
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            int extent = shape.dim(axis);
            int last = axes.rank - 1;
            if (extent == 1) {
                continue;
            }
            if (last >= 0
                    && first[axis] == axes.first[last] * axes.extents[last]
                    && second[axis] == axes.second[last] * axes.extents[last]) {
                axes.extents[last] *= extent;
            } else {
                axes.add(op, shape, extent, first[axis], second[axis], 0);
            }
        }
        axes.atLeastOne();
        return axes;
    }

    /// Merges the axes of a box inside an array: `first` becomes its strides, `second` where it begins,
    /// `third` its extents. An axis that the box fills is merged with the next outer one.
    ///
    /// @param start where the box begins, per axis
    /// @throws IllegalArgumentException if more than 8 axes are left
    static Axes ofBox(String op, Shape box, int[] start, Shape whole) {
        var axes = new Axes();
        int stride = 1;
        for (int axis = whole.rank() - 1; axis >= 0; axis--) {
            int extent = whole.dim(axis);
            int last = axes.rank - 1;
            if (extent == 1) {
                continue;
            }
            if (last >= 0 && axes.third[last] == axes.extents[last]) {
                axes.second[last] = start[axis] * axes.extents[last];
                axes.third[last] *= box.dim(axis);
                axes.extents[last] *= extent;
            } else {
                axes.add(op, whole, extent, stride, start[axis], box.dim(axis));
            }
            stride *= box.dim(axis);
        }
        axes.atLeastOne();
        return axes;
    }

    private void add(String op, Shape shape, int extent, int one, int two, int three) {
        if (rank == MOST) {
            throw new IllegalArgumentException(
                    "cuda: "
                            + op
                            + " of "
                            + shape
                            + " needs more than "
                            + MOST
                            + " axes, with those merged that can be");
        }
        extents[rank] = extent;
        first[rank] = one;
        second[rank] = two;
        third[rank] = three;
        rank++;
    }

    /// A single place becomes an axis of extent 1, which a box at its start fills.
    private void atLeastOne() {
        if (rank == 0) {
            extents[0] = 1;
            first[0] = 1;
            second[0] = 0;
            third[0] = 1;
            rank = 1;
        }
    }

    int rank() {
        return rank;
    }

    int extent(int axis) {
        return extents[axis];
    }

    int first(int axis) {
        return first[axis];
    }

    int second(int axis) {
        return second[axis];
    }

    int third(int axis) {
        return third[axis];
    }

    /// Tells whether the first array can be read four innermost elements at a time: they are one
    /// element repeated, or adjacent and aligned.
    boolean packsFirst(long address) {
        return extents[0] % KernelFile.PACK == 0 && packs(first, address);
    }

    /// Tells the same of the second array.
    boolean packsSecond(long address) {
        return extents[0] % KernelFile.PACK == 0 && packs(second, address);
    }

    private boolean packs(int[] strides, long address) {
        if (strides[0] == 0) {
            return true;
        }
        boolean packs = strides[0] == 1 && KernelFile.aligned(address);
        for (int axis = 1; axis < rank; axis++) {
            packs &= strides[axis] % KernelFile.PACK == 0;
        }
        return packs;
    }

    /// Tells whether the box can be read four innermost elements at a time too.
    boolean packsBox(long address) {
        return second[0] % KernelFile.PACK == 0 && third[0] % KernelFile.PACK == 0 && packsFirst(address);
    }

    /// Counts the innermost axis in steps of four elements.
    void countPacks() {
        extents[0] /= KernelFile.PACK;
        first[0] *= KernelFile.PACK;
        second[0] *= KernelFile.PACK;
    }

    /// Counts the innermost axis of a box in steps of four elements.
    void countBoxPacks() {
        extents[0] /= KernelFile.PACK;
        first[0] *= KernelFile.PACK;
        second[0] /= KernelFile.PACK;
        third[0] /= KernelFile.PACK;
    }

    /// Returns the axes but two of them, in their order.
    Axes without(int one, int other) {
        var rest = new Axes();
        for (int axis = 0; axis < rank; axis++) {
            if (axis != one && axis != other) {
                rest.extents[rest.rank] = extents[axis];
                rest.first[rest.rank] = first[axis];
                rest.second[rest.rank] = second[axis];
                rest.rank++;
            }
        }
        rest.atLeastOne();
        return rest;
    }

    /// Returns the number of places.
    int size() {
        int size = 1;
        for (int axis = 0; axis < rank; axis++) {
            size *= extents[axis];
        }
        return size;
    }

    /// Writes the axes into [#SLOTS] parameter slots.
    void write(long[] slots, int at) {
        for (int axis = 0; axis < rank; axis++) {
            write(extents[axis], first[axis], second[axis], third[axis], slots, at + AXIS_SLOTS * axis);
        }
    }

    /// Writes one axis without strides into [#AXIS_SLOTS] parameter slots.
    static void write(int extent, long[] slots, int at) {
        write(extent, 0, 0, 0, slots, at);
    }

    private static void write(int extent, int first, int second, int third, long[] slots, int at) {
        int shift = shift(extent);
        slots[at] = Kernel.pair(extent, multiplier(extent, shift));
        slots[at + 1] = Kernel.pair(shift, first);
        slots[at + 2] = Kernel.pair(second, third);
    }

    /// Returns ⌈log₂ extent⌉.
    static int shift(int extent) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(extent - 1);
    }

    /// Returns m = ⌊2³² (2ˢ − extent) / extent⌋ + 1, with which `i / extent` is `(⌊i · m / 2³²⌋ + i) >> s` for
    /// i from 0 to 2³¹ − 1 (Granlund and Montgomery, "Division by invariant integers using
    /// multiplication", PLDI 1994, figure 4.1). It fits 32 bits without a sign.
    static int multiplier(int extent, int shift) {
        return (int) ((((1L << shift) - extent) << 32) / extent + 1);
    }

    /// Returns the strides of a contiguous array.
    static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.dim(axis);
        }
        return strides;
    }

    /// Returns the strides of a contiguous array along the axes of a shape to which it broadcasts.
    static int[] broadcastStrides(Shape x, Shape to) {
        int[] strides = new int[to.rank()];
        int missing = to.rank() - x.rank();
        int stride = 1;
        for (int axis = x.rank() - 1; axis >= 0; axis--) {
            if (x.dim(axis) != 1) {
                strides[missing + axis] = stride;
                stride *= x.dim(axis);
            }
        }
        return strides;
    }
}
