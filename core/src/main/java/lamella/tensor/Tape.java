package lamella.tensor;

import lamella.backend.DeviceMemoryException;
import lamella.backend.ElementwiseKernels.Binary;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The record of what was computed from the leaves, in order.
final class Tape {
    private static final ScopedValue<Tape> CURRENT = ScopedValue.newInstance();
    private static final Tape NONE = new Tape(List.of());

    private record Entry(Op op, Tensor[] in, Tensor out) {
        /// Notes that the walk will read from these tensors.
        void hold() {
            for (int i = 0; i < in.length; i++) {
                if (op.readsOperand(i)) {
                    in[i].lease().hold();
                }
            }
            if (op.readsResult()) {
                out.lease().hold();
            }
        }

        /// Notes that it has read from them.
        void drop() {
            for (int i = 0; i < in.length; i++) {
                if (op.readsOperand(i)) {
                    in[i].lease().drop();
                }
            }
            if (op.readsResult()) {
                out.lease().drop();
            }
        }
    }

    private final Map<Tensor, Integer> leaves = new IdentityHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private Tensor[] gradients;

    Tape(List<Tensor> leaves) {
        for (Tensor leaf : leaves) {
            this.leaves.putIfAbsent(leaf, this.leaves.size());
        }
    }

    /// Runs `body` while this tape records.
    Tensor record(Supplier<Tensor> body) {
        return ScopedValue.where(CURRENT, this).call(body::get);
    }

    /// Runs `body` while nothing is recorded.
    static <T> T pause(Supplier<T> body) {
        return ScopedValue.where(CURRENT, NONE).call(body::get);
    }

    /// Tells whether a tape records and one of these depends on one of its leaves.
    static boolean records(Tensor... operands) {
        if (!CURRENT.isBound() || CURRENT.get() == NONE) {
            return false;
        }
        for (Tensor operand : operands) {
            if (CURRENT.get().tracks(operand)) {
                return true;
            }
        }
        return false;
    }

    /// Notes an operation, if a tape records and an operand depends on one of its leaves.
    static void record(Op op, Tensor[] in, Tensor out) {
        if (records(in)) {
            Tape tape = CURRENT.get();
            out.recorded(tape, tape.leaves.size() + tape.entries.size());
            var entry = new Entry(op, in, out);
            entry.hold();
            tape.entries.add(entry);
        }
    }

    boolean tracks(Tensor tensor) {
        return tensor.isRecordedBy(this) || leaves.containsKey(tensor);
    }

    /// Walks back from `result`, and leaves the gradients of the leaves to the current memory scope. Everything else
    /// that is computed on the way goes back to its backend as soon as it has been used, and so does what was let go in
    /// the forward pass.
    void walk(Tensor result) {
        gradients = new Tensor[leaves.size() + entries.size()];
        Memory temporary = Memory.inner();
        try {
            temporary.run(() -> walk(result, temporary));
        } finally {
            temporary.close();
        }
    }

    private void walk(Tensor result, Memory temporary) {
        if (tracks(result)) {
            int mark = temporary.mark();
            set(position(result), Tensor.full(result.backend(), result.shape(), 1));
            temporary.letGoSince(mark);
        }
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.set(i, null);
            int mark = temporary.mark();
            Tensor gradient = gradients[leaves.size() + i];
            if (gradient != null) {
                differentiate(entry, gradient);
                gradients[leaves.size() + i] = null;
                gradient.lease().drop();
            }
            entry.drop();
            temporary.letGoSince(mark);
        }
        for (int i = 0; i < leaves.size(); i++) {
            if (gradients[i] != null) {
                temporary.moveOut(gradients[i]);
                gradients[i].lease().drop();
            }
        }
    }

    private void differentiate(Entry entry, Tensor gradient) {
        try {
            entry.op.gradient(new Backward(this, entry.in, entry.out, gradient));
        } catch (DeviceMemoryException e) {
            throw e.during("the gradient of " + entry.op.name());
        }
    }

    void accumulate(Tensor tensor, Tensor gradient) {
        int position = position(tensor);
        Tensor before = gradients[position];
        if (before == null) {
            set(position, gradient);
        } else if (before.lease().isForOneStep() && before.lease() != gradient.lease()) {
            before.backend().elementwise().binary(Binary.ADD, before.view(), gradient.view(), before.view());
        } else {
            set(position, before.add(gradient));
            before.lease().drop();
        }
    }

    private void set(int position, Tensor gradient) {
        gradients[position] = gradient;
        gradient.lease().hold();
    }

    /// Returns the gradient of a leaf, zeros if the result does not depend on it.
    Tensor gradient(Tensor leaf) {
        Tensor gradient = gradients[leaves.get(leaf)];
        return gradient == null ? Tensor.zeros(leaf.backend(), leaf.shape()) : gradient;
    }

    private int position(Tensor tensor) {
        return tensor.isRecordedBy(this) ? tensor.position() : leaves.get(tensor);
    }
}
