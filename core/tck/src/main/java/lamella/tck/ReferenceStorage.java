package lamella.tck;

import lamella.array.DType;
import lamella.backend.Storage;
import lamella.backend.View;

import java.util.Arrays;

/// An allocation of the reference backend: an array of double for float32, of int for int32.
final class ReferenceStorage extends Storage {
    /// The cells of a float32 storage; empty for int32.
    final double[] doubles;

    /// The cells of an int32 storage; empty for float32.
    final int[] ints;

    /// Where it was allocated, or an empty string where that is not tracked.
    final String site;

    ReferenceStorage(DType type, int size, double[] doubles, int[] ints, String site) {
        super(type, size);
        this.doubles = doubles;
        this.ints = ints;
        this.site = site;
    }

    /// Fills all cells with what cannot be a result, so that a read before a write shows.
    void poison() {
        Arrays.fill(doubles, Double.NaN);
        Arrays.fill(ints, Integer.MIN_VALUE);
    }

    void release() {
        markReleased();
    }

    static double[] doubles(View view) {
        return cells(view, DType.FLOAT32).doubles;
    }

    static int[] ints(View view) {
        return cells(view, DType.INT32).ints;
    }

    private static ReferenceStorage cells(View view, DType type) {
        if (view.type() != type) {
            throw new IllegalArgumentException(
                    "reference: " + view.shape() + " is " + view.type() + " but must be " + type);
        }
        if (view.storage().released()) {
            throw new IllegalStateException("reference: the storage of " + view.shape() + " was released");
        }
        if (!(view.storage() instanceof ReferenceStorage cells)) {
            throw new IllegalArgumentException(
                    "reference: the storage of " + view.shape() + " belongs to another backend");
        }
        return cells;
    }
}
