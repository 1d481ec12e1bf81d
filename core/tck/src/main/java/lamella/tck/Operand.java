package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;

import java.util.Random;
import java.util.function.IntToDoubleFunction;

/// One array of a kernel case.
///
/// @param role whether the kernel reads it, writes it, or changes it in place
/// @param type the type of its elements
/// @param shape its extents
/// @param floats the elements before the call, for float32; empty for int32 and for outputs
/// @param ints the elements before the call, for int32; empty for float32 and for outputs
record Operand(Role role, DType type, Shape shape, float[] floats, int[] ints) {
    /// What a kernel does with an operand.
    enum Role {
        /// Reads it; it must be unchanged after the call.
        INPUT,
        /// Writes all of it.
        OUTPUT,
        /// Reads and writes it.
        CHANGED
    }

    /// Returns an input of these elements.
    static Operand of(Shape shape, float... values) {
        return new Operand(Role.INPUT, DType.FLOAT32, shape, values, new int[0]);
    }

    /// Returns an input of these int32 elements.
    static Operand ofInts(Shape shape, int... values) {
        return new Operand(Role.INPUT, DType.INT32, shape, new float[0], values);
    }

    /// Returns an input whose element i is `value(i)`.
    static Operand generated(Shape shape, IntToDoubleFunction value) {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value.applyAsDouble(i);
        }
        return of(shape, values);
    }

    /// Returns an input drawn uniformly from [low, high).
    static Operand uniform(long seed, double low, double high, int... dims) {
        var random = new Random(seed);
        return generated(Shape.of(dims), _ -> low + (high - low) * random.nextDouble());
    }

    /// Returns an input drawn uniformly from [−1, 1).
    static Operand random(long seed, int... dims) {
        return uniform(seed, -1, 1, dims);
    }

    /// Returns an int32 input drawn uniformly from low, ..., high − 1.
    static Operand randomInts(long seed, int low, int high, int... dims) {
        Shape shape = Shape.of(dims);
        return ofInts(shape, new Random(seed).ints(shape.size(), low, high).toArray());
    }

    /// Returns a float32 output.
    static Operand out(int... dims) {
        return new Operand(Role.OUTPUT, DType.FLOAT32, Shape.of(dims), new float[0], new int[0]);
    }

    /// Returns an int32 output.
    static Operand outInts(int... dims) {
        return new Operand(Role.OUTPUT, DType.INT32, Shape.of(dims), new float[0], new int[0]);
    }

    /// Returns this input as one that the kernel changes in place.
    Operand changed() {
        return new Operand(Role.CHANGED, type, shape, floats, ints);
    }

    /// Returns this operand with the absolute values of its float32 elements.
    Operand absolute() {
        float[] values = new float[floats.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(floats[i]);
        }
        return new Operand(role, type, shape, values, ints);
    }
}
