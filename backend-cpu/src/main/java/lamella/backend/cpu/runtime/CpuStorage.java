package lamella.backend.cpu.runtime;

import lamella.array.DType;
import lamella.backend.LiveStorage;
import lamella.backend.Storage;
import lamella.backend.View;

/// An allocation of the CPU backend: a pooled Java array, at least as long as [#size()].
public final class CpuStorage extends Storage {
    private final LiveStorage.Entry entry;
    private volatile Object array;

    /// Wraps an array, which this storage owns until [#release].
    ///
    /// @param array a `float[]` or an `int[]`, as `type` says
    /// @param pool where it is from; learns of it if the garbage collector takes the array
    /// @param live the list to enter it in
    /// @param site where it was allocated; empty where nobody asks
    public CpuStorage(DType type, int size, Object array, ArrayPool pool, LiveStorage live, String site) {
        super(type, size);
        this.array = array;
        int length = length(array);
        this.entry = live.add(this, 4L * length, site, () -> pool.forget(length));
    }

    private static int length(Object array) {
        return switch (array) {
            case float[] floats -> floats.length;
            case int[] ints -> ints.length;
            default -> throw new IllegalArgumentException("storage: not an array of numbers");
        };
    }

    /// Returns the elements of a float32 storage.
    float[] floats() {
        return (float[]) array();
    }

    /// Returns the elements of an int32 storage.
    int[] ints() {
        return (int[]) array();
    }

    /// Returns the elements, a `float[]` or an `int[]`.
    ///
    /// @throws IllegalStateException if the storage was released
    Object array() {
        Object elements = array;
        if (elements == null) {
            throw new IllegalStateException("storage: " + size() + " elements are used after their release");
        }
        return elements;
    }

    /// Gives up the array and returns it.
    public Object release() {
        markReleased();
        Object elements = array;
        array = null;
        entry.remove();
        return elements;
    }

    /// Returns the array behind a float32 view; its first element has the index `v.offset()`.
    public static float[] floats(View v) {
        return ((CpuStorage) v.storage()).floats();
    }

    /// Returns the array behind an int32 view; its first element has the index `v.offset()`.
    public static int[] ints(View v) {
        return ((CpuStorage) v.storage()).ints();
    }

    /// Returns the array behind a view, a `float[]` or an `int[]`.
    public static Object array(View v) {
        return ((CpuStorage) v.storage()).array();
    }
}
