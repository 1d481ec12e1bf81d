package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.Storage;
import lamella.backend.View;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A case's operands on a backend, each in a storage of its own with sentinels around it; outputs
/// are filled with sentinels too, so that an element that is not written shows.
///
/// @param backend where they lie
/// @param views the operands
record Arena(Backend backend, List<View> views) {
    /// Sentinel of int32 arrays. That of float32 arrays is NaN, with its usual bits.
    static final int INT_SENTINEL = 0xBADBAD;

    /// Elements of a storage before and after an operand.
    enum Margins {
        /// The operand is all of the storage.
        NONE(0, 0),
        /// The operand begins at an odd place.
        ODD(5, 3);

        private final int before;
        private final int after;

        Margins(int before, int after) {
            this.before = before;
            this.after = after;
        }
    }

    /// Allocates and uploads the operands of a case.
    static Arena place(Backend backend, KernelCase kernelCase, Margins margins) {
        var views = new ArrayList<View>();
        for (Operand operand : kernelCase.operands()) {
            int size = operand.shape().size();
            int whole = margins.before + size + margins.after;
            Storage storage = backend.allocate(operand.type(), whole);
            switch (operand.type()) {
                case FLOAT32 -> {
                    float[] cells = new float[whole];
                    Arrays.fill(cells, Float.NaN);
                    System.arraycopy(operand.floats(), 0, cells, margins.before, operand.floats().length);
                    backend.upload(cells, 0, View.of(storage, Shape.of(whole)));
                }
                case INT32 -> {
                    int[] cells = new int[whole];
                    Arrays.fill(cells, INT_SENTINEL);
                    System.arraycopy(operand.ints(), 0, cells, margins.before, operand.ints().length);
                    backend.upload(cells, 0, View.of(storage, Shape.of(whole)));
                }
            }
            views.add(new View(storage, margins.before, operand.shape()));
        }
        return new Arena(backend, List.copyOf(views));
    }

    /// Returns the bits of an operand's whole storage, sentinels included.
    int[] bits(int operand) {
        View view = views.get(operand);
        int whole = view.storage().size();
        int[] bits = new int[whole];
        View all = View.of(view.storage(), Shape.of(whole));
        if (view.type() == DType.INT32) {
            backend.download(all, bits, 0);
        } else {
            float[] cells = new float[whole];
            backend.download(all, cells, 0);
            for (int i = 0; i < whole; i++) {
                bits[i] = Float.floatToIntBits(cells[i]);
            }
        }
        return bits;
    }

    /// Gives the storage back.
    void release() {
        views.forEach(view -> backend.release(view.storage()));
    }
}
