package lamella.tensor;

import lamella.array.DType;
import lamella.backend.Backend;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The lifetime of tensors: what is computed inside a scope goes back to its backend when the scope
/// closes, except what was kept.
///
/// {@snippet :
/// Memory.scope(() -> {
///     Gradients gradients = Autograd.differentiate(parameters, () -> loss(batch));
///     optimizer.step(gradients);
/// });
/// }
///
/// What is only a step on the way to something else can go back earlier: see [#letGo].
///
/// Outside any scope tensors need no ceremony: the garbage collector frees them.
public final class Memory {
    private static final ScopedValue<Memory> CURRENT = ScopedValue.newInstance();
    private static final Memory UNSCOPED = new Memory(null);

    private final Memory outer;
    private final List<Lease> leases = new ArrayList<>();

    private Memory(Memory outer) {
        this.outer = outer;
    }

    /// Runs `body` in a new scope.
    public static void scope(Runnable body) {
        Memory memory = inner();
        try {
            memory.run(body);
        } finally {
            memory.close();
        }
    }

    /// Runs `body` in a new scope and keeps the tensor that it returns.
    public static Tensor scopeKeeping(Supplier<Tensor> body) {
        Memory memory = inner();
        try {
            return ScopedValue.where(CURRENT, memory).call(() -> keep(body.get()));
        } finally {
            memory.close();
        }
    }

    /// Moves a tensor from the current scope to the one around it, or to the garbage collector.
    public static Tensor keep(Tensor tensor) {
        current().moveOut(tensor);
        return tensor;
    }

    /// Says that a tensor of the current scope was only a step on the way from some tensors to others, so that its
    /// elements can go back as soon as no gradient is to read them; at once where nothing is recorded. Nothing happens
    /// to a tensor that was kept, that is older than the scope, or that shares its elements with one of the others.
    ///
    /// {@snippet :
    /// Tensor hidden = first.forward(x);
    /// Tensor y = second.forward(hidden);
    /// Memory.letGo(hidden, x, y);
    /// }
    ///
    /// @param others what it was computed from and what was computed from it, as far as it is still needed
    public static void letGo(Tensor tensor, Tensor... others) {
        Memory memory = current();
        Lease lease = tensor.lease();
        if (memory == UNSCOPED || !lease.isOwnedBy(memory)) {
            return;
        }
        for (Tensor other : others) {
            if (other.lease() == lease) {
                return;
            }
        }
        lease.letGo();
    }

    /// Runs `body` as if there were no scope: what it computes is freed by the garbage collector.
    public static <T> T outside(Supplier<T> body) {
        return ScopedValue.where(CURRENT, UNSCOPED).call(body::get);
    }

    /// Returns a new scope in the current one.
    static Memory inner() {
        return new Memory(current());
    }

    static Lease allocate(Backend backend, DType type, int size) {
        var lease = new Lease(backend, type, size);
        current().add(lease);
        return lease;
    }

    private static Memory current() {
        return CURRENT.orElse(UNSCOPED);
    }

    boolean isUnscoped() {
        return this == UNSCOPED;
    }

    /// Runs `body` in this scope, which stays open.
    void run(Runnable body) {
        ScopedValue.where(CURRENT, this).run(body);
    }

    /// Moves a tensor to the scope around this one, if it belongs to this.
    void moveOut(Tensor tensor) {
        if (this != UNSCOPED && tensor.lease().isOwnedBy(this)) {
            outer.add(tensor.lease());
        }
    }

    private void add(Lease lease) {
        lease.give(this);
        if (this != UNSCOPED) {
            leases.add(lease);
        }
    }

    /// Returns a mark for [#letGoSince].
    int mark() {
        return leases.size();
    }

    /// Lets go of all that was allocated in this scope since a mark; what no step is to read goes back now.
    void letGoSince(int mark) {
        int kept = mark;
        for (int i = mark; i < leases.size(); i++) {
            Lease lease = leases.get(i);
            if (lease.isOwnedBy(this)) {
                lease.letGo();
                if (!lease.storage().released()) {
                    leases.set(kept++, lease);
                }
            }
        }
        while (leases.size() > kept) {
            leases.removeLast();
        }
    }

    /// Gives back what still belongs to this scope.
    void close() {
        for (Lease lease : leases) {
            if (lease.isOwnedBy(this)) {
                lease.release();
            }
        }
    }
}
