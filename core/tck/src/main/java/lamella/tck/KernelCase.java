package lamella.tck;

import lamella.array.DType;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;

/// The same kernel call for any backend: operands, call, and how near the result must be.
///
/// @param name what the call is, with its sizes and options
/// @param operands the arrays, in the order in which the call expects their views
/// @param call issues the kernel
/// @param tolerance how far each result may lie from the reference's
record KernelCase(String name, List<Operand> operands, Call call, Tolerance tolerance) {
    /// Issues a kernel on views of the operands.
    interface Call {
        void on(Backend backend, List<View> views);
    }

    /// Returns a case.
    static KernelCase of(String name, Tolerance tolerance, Call call, Operand... operands) {
        return new KernelCase(name, List.of(operands), call, tolerance);
    }

    /// Returns this case on the absolute values of its operands.
    KernelCase absolute() {
        return new KernelCase(name, operands.stream().map(Operand::absolute).toList(), call, tolerance);
    }

    /// Returns what the reference backend leaves in each operand, unrounded.
    double[][] expected() {
        try (var reference = ReferenceBackend.create()) {
            List<View> views = Arena.place(reference, this, Arena.Margins.NONE).views();
            call.on(reference, views);
            double[][] values = new double[views.size()][];
            for (int i = 0; i < values.length; i++) {
                values[i] = values(reference, views.get(i));
            }
            return values;
        }
    }

    private static double[] values(ReferenceBackend reference, View view) {
        if (view.type() == DType.FLOAT32) {
            return reference.values(view);
        }
        double[] values = new double[view.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ReferenceStorage.ints(view)[view.offset() + i];
        }
        return values;
    }
}
