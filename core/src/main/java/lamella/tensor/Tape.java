package lamella.tensor;

import lamella.backend.DeviceMemoryException;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The record of what was computed from the leaves, in order.
final class Tape {
    private static final ScopedValue<Tape> CURRENT = ScopedValue.newInstance();
    private static final Tape NONE = new Tape(List.of());

    private record Entry(Op op, Tensor[] in, Tensor out) {}

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
    static Tensor pause(Supplier<Tensor> body) {
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
            tape.entries.add(new Entry(op, in, out));
        }
    }

    boolean tracks(Tensor tensor) {
        return tensor.isRecordedBy(this) || leaves.containsKey(tensor);
    }

    /// Walks back from `result`, whose own gradient is `seed`.
    void walk(Tensor result, Tensor seed) {
        gradients = new Tensor[leaves.size() + entries.size()];
        if (!tracks(result)) {
            return;
        }
        gradients[position(result)] = seed;
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry entry = entries.get(i);
            Tensor gradient = gradients[leaves.size() + i];
            if (gradient != null) {
                differentiate(entry, gradient);
                gradients[leaves.size() + i] = null;
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
        gradients[position] = before == null ? gradient : before.add(gradient);
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
