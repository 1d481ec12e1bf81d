package lamella.tensor;

import lamella.backend.Storage;
import lamella.backend.View;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The record of the operations that make one tensor of another, to do them again. What does not depend on that tensor
/// is a constant, and is not done again.
final class Trace {
    private static final ScopedValue<Trace> CURRENT = ScopedValue.newInstance();

    /// One operation and its arrays.
    record Step(Op op, List<View> in, View out) {}

    private final List<Step> steps = new ArrayList<>();
    private final Set<Storage> varying = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean repeatable = true;

    /// Runs `body` and notes what it does with its operand; its arrays belong to no memory scope.
    Tensor follow(Tensor input, UnaryOperator<Tensor> body) {
        varying.add(input.view().storage());
        return Memory.outside(() -> ScopedValue.where(CURRENT, this).call(() -> body.apply(input)));
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    /// Tells whether doing the steps again is doing what the body does.
    boolean repeatable() {
        return repeatable;
    }

    /// Notes an operation, where a trace is followed.
    static void note(Op op, Tensor[] in, Tensor out) {
        if (CURRENT.isBound()) {
            CURRENT.get().add(op, in, out.view());
        }
    }

    private void add(Op op, Tensor[] in, View out) {
        var views = new ArrayList<View>();
        boolean varies = false;
        for (Tensor operand : in) {
            views.add(operand.view());
            varies |= varying.contains(operand.view().storage());
        }
        if (varies) {
            varying.add(out.storage());
            steps.add(new Step(op, List.copyOf(views), out));
        }
    }

    /// Notes that elements are read: what is done with them on the host is not seen.
    static void noteReading(View view) {
        if (CURRENT.isBound() && CURRENT.get().varying.contains(view.storage())) {
            CURRENT.get().repeatable = false;
        }
    }

    /// Notes that random numbers are drawn, which must be others the next time.
    static void noteDrawing() {
        if (CURRENT.isBound()) {
            CURRENT.get().repeatable = false;
        }
    }
}
