package lamella.backend.cuda.runtime;

import jcuda.driver.CUfunction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One of our own kernels, ready to run.
///
/// Its parameters are passed in slots of 8 bytes: a pointer or an integer as it is, a float by
/// [#bits]; a structure takes as many slots as it is long. How many slots each takes is read from the PTX.
public final class Kernel {
    private final String name;
    private final CUfunction function;
    private final int slots;
    private final Address parameters;

    /// Describes a kernel.
    ///
    /// @param starts for each parameter, the index of its first slot; at the end, the number of slots
    /// @param block where the slots are when a kernel starts
    /// @param table room for a pointer to each parameter, of this kernel alone
    Kernel(String name, CUfunction function, int[] starts, MemorySegment block, MemorySegment table) {
        this.name = name;
        this.function = function;
        this.slots = starts[starts.length - 1];
        for (int i = 0; i < starts.length - 1; i++) {
            table.setAtIndex(ValueLayout.JAVA_LONG, i, block.address() + 8L * starts[i]);
        }
        this.parameters = new Address(table.address());
    }

    /// Returns the name in the source.
    public String name() {
        return name;
    }

    CUfunction function() {
        return function;
    }

    /// Returns the number of slots of its parameters.
    int slots() {
        return slots;
    }

    /// Returns the table of pointers to the parameters.
    Address parameters() {
        return parameters;
    }

    /// Returns the slot of a float parameter.
    public static long bits(float value) {
        return Float.floatToRawIntBits(value) & 0xFFFF_FFFFL;
    }

    /// Returns a slot that holds two ints of a structure.
    public static long pair(int first, int second) {
        return (first & 0xFFFF_FFFFL) | (long) second << 32;
    }
}
