package lamella.backend.cuda.kernel;

import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// Combines an array in device memory along one axis; for the kernels of reductions, and for others
/// whose blocks leave partial sums.
final class Reductions {
    private final Device device;
    private final KernelFile kernels;

    Reductions(Device device) {
        this.device = device;
        kernels = new KernelFile(device, "reduction");
    }

    private static String kernel(Reduction op) {
        return switch (op) {
            case SUM, MEAN -> "reduce_sum";
            case MAXIMUM -> "reduce_maximum";
            case MINIMUM -> "reduce_minimum";
        };
    }

    /// Combines `[outer, extent, inner]` to `[outer, inner]`, and divides by `divisor`: also of a mean,
    /// which is a sum here. A long axis is combined in parts, and then the parts.
    ///
    /// @param x address of the array
    /// @param out address of the result, of at least one element
    void reduce(Reduction op, long x, int outer, int extent, int inner, long out, float divisor) {
        Tiles tiles = Tiles.of(outer, extent, inner);
        if (tiles.parts() == 1) {
            launch(op, x, tiles, out, divisor);
            return;
        }
        try (var parts = device.scratch((long) outer * tiles.parts() * inner * Float.BYTES)) {
            launch(op, x, tiles, parts.address(), 1);
            reduce(op, parts.address(), outer, tiles.parts(), inner, out, divisor);
        }
    }

    private void launch(Reduction op, long x, Tiles tiles, long out, float divisor) {
        kernels.blocks(
                kernel(op),
                tiles.blocks(),
                out,
                x,
                tiles.slot(0),
                tiles.slot(1),
                tiles.slot(2),
                tiles.slot(3),
                Kernel.bits(divisor));
    }

    /// Finds the place of the largest of `[outer, extent, inner]` along the axis, the first of several; a
    /// NaN is the largest.
    ///
    /// @param x address of the array, whose axis has elements
    /// @param out address of the int32 `[outer, inner]`, of at least one element
    void argMaximum(long x, int outer, int extent, int inner, long out) {
        argMaximum(x, extent, 0, Tiles.of(outer, extent, inner), out);
    }

    /// Looks through all places along the axis, or through those that an array holds; 0 is no array.
    private void argMaximum(long x, int extent, long places, Tiles tiles, long out) {
        if (tiles.parts() == 1) {
            launchPlaces(x, extent, places, tiles, out);
            return;
        }
        int outer = tiles.outer();
        int inner = tiles.inner();
        try (var parts = device.scratch((long) outer * tiles.parts() * inner * Integer.BYTES)) {
            launchPlaces(x, extent, places, tiles, parts.address());
            argMaximum(x, extent, parts.address(), Tiles.of(outer, tiles.parts(), inner), out);
        }
    }

    private void launchPlaces(long x, int extent, long places, Tiles tiles, long out) {
        kernels.blocks(
                "arg_maximum",
                tiles.blocks(),
                out,
                x,
                places,
                tiles.slot(0),
                tiles.slot(1),
                tiles.slot(2),
                tiles.slot(3),
                extent);
    }
}
