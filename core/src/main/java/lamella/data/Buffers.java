package lamella.data;

import java.util.ArrayList;
import java.util.List;

/// The host arrays of one batch, used again for a later one, so that a warm pass over the data
/// leaves no large garbage. The first array asked for in a batch is the first one asked for in the
/// batch before, and so on, grown where it is too short.
public final class Buffers {
    private final List<float[]> floats = new ArrayList<>();
    private final List<int[]> ints = new ArrayList<>();
    private int usedFloats;
    private int usedInts;

    private Buffers() {}

    /// Returns buffers that hold nothing yet.
    public static Buffers create() {
        return new Buffers();
    }

    /// Returns an array of at least `count` floats, with old content.
    public float[] floats(int count) {
        if (usedFloats == floats.size()) {
            floats.add(new float[count]);
        } else if (floats.get(usedFloats).length < count) {
            floats.set(usedFloats, new float[count]);
        }
        return floats.get(usedFloats++);
    }

    /// Returns an array of at least `count` ints, with old content.
    public int[] ints(int count) {
        if (usedInts == ints.size()) {
            ints.add(new int[count]);
        } else if (ints.get(usedInts).length < count) {
            ints.set(usedInts, new int[count]);
        }
        return ints.get(usedInts++);
    }

    /// Takes all arrays back: the batch made of them is over.
    void reuse() {
        usedFloats = 0;
        usedInts = 0;
    }
}
