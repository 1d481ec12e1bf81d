package lamella.backend;

import lamella.array.DType;

/// One allocation on a device. A backend extends this with its own handle.
public abstract class Storage {
    private final DType type;
    private final int size;
    private volatile boolean released;

    /// Describes an allocation of `size` elements.
    protected Storage(DType type, int size) {
        this.type = type;
        this.size = size;
    }

    /// Returns the type of the elements.
    public final DType type() {
        return type;
    }

    /// Returns the number of elements that may be used.
    public final int size() {
        return size;
    }

    /// Tells whether the storage went back to its backend, so that nothing may use it any more.
    public final boolean released() {
        return released;
    }

    /// Marks the storage as given back; called by the backend's [Backend#release].
    ///
    /// @throws IllegalStateException if it was given back before
    protected final void markReleased() {
        if (released) {
            throw new IllegalStateException("storage: released twice");
        }
        released = true;
    }
}
