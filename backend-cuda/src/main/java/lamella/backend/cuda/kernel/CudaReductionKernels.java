package lamella.backend.cuda.kernel;

import lamella.array.Shape;
import lamella.backend.ReductionKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;

import java.util.Arrays;

/// Sums, means, maxima and minima over any axes: neighbouring axes are merged, and then one reduced
/// group after the other is combined, the innermost first, as it is contiguous and the longest way down.
public final class CudaReductionKernels implements ReductionKernels {
    private final Device device;
    private final Reductions reductions;

    /// Makes the kernels of a device.
    public CudaReductionKernels(Device device) {
        this.device = device;
        reductions = new Reductions(device);
    }

    /// The extents of groups of axes that are in turn kept and reduced.
    ///
    /// @param extents the outermost group first
    /// @param firstReduced whether that one is reduced
    record Groups(int[] extents, boolean firstReduced) {
        /// Merges the axes of a shape; axes of one element are left out.
        static Groups of(Shape shape, int[] axes) {
            int[] extents = new int[shape.rank()];
            int count = 0;
            boolean firstReduced = false;
            boolean last = false;
            int next = 0;
            for (int axis = 0; axis < shape.rank(); axis++) {
                boolean reduced = next < axes.length && axes[next] == axis;
                next += reduced ? 1 : 0;
                int extent = shape.dim(axis);
                if (extent == 1) {
                    continue;
                }
                if (count > 0 && reduced == last) {
                    extents[count - 1] *= extent;
                } else {
                    firstReduced = count == 0 ? reduced : firstReduced;
                    extents[count++] = extent;
                    last = reduced;
                }
            }
            return new Groups(Arrays.copyOf(extents, count), firstReduced);
        }

        /// Returns the index of the innermost reduced group, −1 where there is none.
        int innermost() {
            int last = extents.length - 1;
            return (last % 2 == 0) == firstReduced ? last : last - 1;
        }

        int product(int from, int to) {
            int product = 1;
            for (int i = from; i < to; i++) {
                product *= extents[i];
            }
            return product;
        }

        /// Returns the groups when the innermost reduced one is gone, so that its neighbours are one.
        Groups rest() {
            int gone = innermost();
            int[] rest = Arrays.copyOf(extents, Math.max(gone, 1));
            int kept = gone + 1 < extents.length ? extents[gone + 1] : 1;
            rest[rest.length - 1] = gone == 0 ? kept : rest[rest.length - 1] * kept;
            return new Groups(rest, gone != 0 && firstReduced);
        }
    }

    @Override
    public void reduce(Reduction op, View x, int[] axes, View out) {
        if (out.size() == 0) {
            return;
        }
        // as many elements as each result combines; 0 of an empty axis
        int count = x.size() / out.size();
        float divisor = op == Reduction.MEAN ? count : 1;
        long target = CudaStorage.address(out);
        if (count <= 1) {
            long source = CudaStorage.address(x);
            reductions.reduce(op, source, 1, count, out.size(), target, divisor);
        } else {
            reduce(op, CudaStorage.address(x), Groups.of(x.shape(), axes), target, divisor);
        }
    }

    private void reduce(Reduction op, long x, Groups groups, long out, float divisor) {
        int at = groups.innermost();
        int outer = groups.product(0, at);
        int extent = groups.extents()[at];
        int inner = groups.product(at + 1, groups.extents().length);
        Groups rest = groups.rest();
        if (rest.innermost() < 0) {
            reductions.reduce(op, x, outer, extent, inner, out, divisor);
            return;
        }
        try (var scratch = device.scratch((long) outer * inner * Float.BYTES)) {
            reductions.reduce(op, x, outer, extent, inner, scratch.address(), 1);
            reduce(op, scratch.address(), rest, out, divisor);
        }
    }

    @Override
    public void argMaximum(View x, int axis, View out) {
        if (out.size() > 0) {
            Shape shape = x.shape();
            reductions.argMaximum(
                    CudaStorage.address(x),
                    shape.sizeBetween(0, axis),
                    shape.dim(axis),
                    shape.sizeBetween(axis + 1, shape.rank()),
                    CudaStorage.address(out));
        }
    }
}
