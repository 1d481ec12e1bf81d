package lamella.tensor;

import lamella.array.DType;
import lamella.backend.Backend;
import lamella.backend.Storage;

/// A storage and who needs it: the [Memory] at whose end it goes back, and the steps of walks back over a [Tape] that
/// are still to read it. All tensors that look at the storage share the lease.
///
/// What its user let go goes back as soon as no step is to read it.
final class Lease {
    private final Backend backend;
    private final Storage storage;
    private Memory owner;
    private int holders;
    private boolean letGo;

    /// Takes a storage from a backend. The lease begins without an owner.
    Lease(Backend backend, DType type, int size) {
        this.backend = backend;
        this.storage = backend.allocate(type, size);
    }

    Storage storage() {
        return storage;
    }

    boolean isOwnedBy(Memory memory) {
        return owner == memory;
    }

    /// Changes the owner, who will need it again.
    void give(Memory to) {
        owner = to;
        letGo = false;
    }

    /// Notes one more step that is to read it. What belongs to the garbage collector needs no count; it may also be
    /// read by several threads at once, as the parameters are.
    void hold() {
        if (!owner.isUnscoped()) {
            holders++;
        }
    }

    /// Takes back one [#hold].
    void drop() {
        if (!owner.isUnscoped()) {
            holders--;
            releaseIfUnused();
        }
    }

    /// Tells whether a single step of a walk is to read it, and nobody else ever will.
    boolean isForOneStep() {
        return letGo && holders == 1;
    }

    /// Says that nobody but these steps needs it.
    void letGo() {
        letGo = true;
        releaseIfUnused();
    }

    private void releaseIfUnused() {
        if (letGo && holders == 0) {
            release();
        }
    }

    /// Gives the storage back to its backend, if it is not there yet.
    void release() {
        if (!storage.released()) {
            backend.release(storage);
        }
    }

    /// Returns the end of a message about a use after the storage went back.
    String afterItsEnd() {
        return letGo ? " is used after it was let go" : " is used after its memory scope closed";
    }
}
