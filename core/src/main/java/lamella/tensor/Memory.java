package lamella.tensor;

import lamella.array.DType;
import lamella.backend.Backend;
import lamella.backend.Storage;

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
/// Outside any scope tensors need no ceremony: the garbage collector frees them.
public final class Memory {
    private static final ScopedValue<Memory> CURRENT = ScopedValue.newInstance();
    private static final Memory UNSCOPED = new Memory(null);

    private record Allocation(Backend backend, Storage storage) {}

    private final Memory outer;
    private final List<Allocation> allocations = new ArrayList<>();

    private Memory(Memory outer) {
        this.outer = outer;
    }

    /// Runs `body` in a new scope.
    public static void scope(Runnable body) {
        var memory = new Memory(current());
        try {
            ScopedValue.where(CURRENT, memory).run(body);
        } finally {
            memory.close();
        }
    }

    /// Runs `body` in a new scope and keeps the tensor that it returns.
    public static Tensor scopeKeeping(Supplier<Tensor> body) {
        var memory = new Memory(current());
        try {
            return ScopedValue.where(CURRENT, memory).call(() -> keep(body.get()));
        } finally {
            memory.close();
        }
    }

    /// Moves a tensor from the current scope to the one around it, or to the garbage collector.
    public static Tensor keep(Tensor tensor) {
        Memory memory = current();
        Storage storage = tensor.view().storage();
        for (int i = memory.allocations.size() - 1; i >= 0; i--) {
            Allocation allocation = memory.allocations.get(i);
            if (allocation.storage == storage) {
                memory.allocations.remove(i);
                memory.outer.add(allocation);
                break;
            }
        }
        return tensor;
    }

    /// Runs `body` as if there were no scope.
    static Tensor unscoped(Supplier<Tensor> body) {
        return ScopedValue.where(CURRENT, UNSCOPED).call(body::get);
    }

    static Storage allocate(Backend backend, DType type, int size) {
        Storage storage = backend.allocate(type, size);
        current().add(new Allocation(backend, storage));
        return storage;
    }

    private static Memory current() {
        return CURRENT.orElse(UNSCOPED);
    }

    private void add(Allocation allocation) {
        if (this != UNSCOPED) {
            allocations.add(allocation);
        }
    }

    private void close() {
        allocations.forEach(allocation -> allocation.backend.release(allocation.storage));
    }
}
