package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/// The width of this machine's vectors; apart, because loading it needs the Vector API's module.
public final class VectorWidth {
    private VectorWidth() {}

    /// Returns the bits of the preferred float vector.
    public static int bits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
}
