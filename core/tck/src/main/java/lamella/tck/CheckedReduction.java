package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.ReductionKernels;
import lamella.backend.View;

import java.util.Arrays;

/// Asserts the contract of reductions.
record CheckedReduction(ReductionKernels kernels, CheckedBackend.Calls calls) implements ReductionKernels {
    @Override
    public void reduce(Reduction op, View x, int[] axes, View out) {
        CheckedCall call =
                calls.of("reduction." + op)
                        .reads("x", x)
                        .writes("out", out)
                        .require(
                                ascending(axes, x.shape().rank()),
                                "axes must ascend inside " + x.shape() + ", got " + Arrays.toString(axes));
        Shape kept = x.shape();
        for (int axis : axes) {
            kept = kept.with(axis, 1);
        }
        call.size("out", out, kept.size()).run(() -> kernels.reduce(op, x, axes, out));
    }

    private static boolean ascending(int[] axes, int rank) {
        int last = -1;
        for (int axis : axes) {
            if (axis <= last || axis >= rank) {
                return false;
            }
            last = axis;
        }
        return true;
    }

    @Override
    public void argMaximum(View x, int axis, View out) {
        CheckedCall call =
                calls.of("reduction.argMaximum")
                        .reads("x", x)
                        .writes("out", out, DType.INT32)
                        .require(
                                axis >= 0 && axis < x.shape().rank(),
                                "axis must lie inside " + x.shape() + ", got " + axis);
        call.require(x.dim(axis) > 0, "x is " + x.shape() + ", expected elements along " + axis)
                .shape("out", out, x.shape().without(axis))
                .run(() -> kernels.argMaximum(x, axis, out));
    }
}
