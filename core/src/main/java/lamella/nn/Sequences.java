package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.Optional;

/// A batch of sequences, each of which may have a length of its own: what lies behind it is padding,
/// and changes neither outputs, nor gradients, nor losses, whatever it holds.
///
/// Layers pass it on from one to the next until one of them has no time axis any more; from there on
/// it is a batch like any other, without lengths.
///
/// {@snippet :
/// Sequences reviews = Sequences.of(ids, 80, 12, 43);   // [3, 80], the last two padded
/// Tensor logits = model.forward(reviews);
/// }
public final class Sequences {
    private final Tensor values;
    private final Optional<int[]> lengths;

    private Sequences(Tensor values, Optional<int[]> lengths) {
        this.values = values;
        this.lengths = lengths;
    }

    /// Returns a batch without padding, or without a time axis.
    public static Sequences of(Tensor values) {
        return new Sequences(values, Optional.empty());
    }

    /// Returns a batch with padding.
    ///
    /// @param values `[N, T, ...]`
    /// @param lengths the number of steps of each sequence, in [0, T]
    /// @throws ShapeException if there is no time axis, there are not N lengths, or one is outside [0, T]
    public static Sequences of(Tensor values, int... lengths) {
        Shape shape = values.shape();
        if (shape.rank() < 2) {
            throw mismatch("values must be [N, T, ...], got rank " + shape.rank(), values);
        }
        if (lengths.length != shape.dim(0)) {
            throw mismatch(lengths.length + " lengths for " + shape.dim(0) + " sequences", values);
        }
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0 || lengths[i] > shape.dim(1)) {
                throw mismatch(
                        "length %d of sequence %d is outside [0, %d]".formatted(lengths[i], i, shape.dim(1)), values);
            }
        }
        return new Sequences(values, Optional.of(lengths.clone()));
    }

    private static ShapeException mismatch(String relation, Tensor values) {
        return ShapeException.of("sequences", relation).operand("values", values.shape(), "N, T, ...", values.label());
    }

    /// Returns the values, padding included.
    public Tensor values() {
        return values;
    }

    /// Returns the number of steps of each sequence; empty where nothing is padded.
    public Optional<int[]> lengths() {
        return lengths.map(int[]::clone);
    }

    /// Returns the number of steps of each sequence, T where nothing is padded.
    ///
    /// @throws ShapeException if there is no time axis
    public int[] stepCounts() {
        return lengths()
                .orElseGet(
                        () -> {
                            if (values.shape().rank() < 2) {
                                throw mismatch("values must be [N, T, ...], got rank " + values.shape().rank(), values);
                            }
                            int[] full = new int[values.shape().dim(0)];
                            Arrays.fill(full, values.shape().dim(1));
                            return full;
                        });
    }

    /// Returns other values for the same steps.
    ///
    /// @param other `[N, T, ...]`
    public Sequences with(Tensor other) {
        return lengths.isPresent() ? of(other, lengths.get()) : of(other);
    }

    /// Returns `[N, T]`: 1 at each step, 0 in the padding.
    ///
    /// @throws ShapeException if there is no time axis
    public Tensor mask() {
        int[] counts = stepCounts();
        int steps = values.shape().dim(1);
        float[] mask = new float[counts.length * steps];
        for (int i = 0; i < counts.length; i++) {
            Arrays.fill(mask, i * steps, i * steps + counts[i], 1);
        }
        return Tensor.of(values.backend(), Shape.of(counts.length, steps), mask);
    }

    /// Returns float32 values with 0 in the padding, through which no gradient flows there, or int32 ids with −1, which
    /// means no word; these values where nothing is padded.
    public Tensor masked() {
        if (!isPadded()) {
            return values;
        }
        return values.type() == DType.FLOAT32 ? maskedFloats() : maskedIds();
    }

    /// Fetches the steps as rows of a table: no row gives zeros, whatever lies there.
    private Tensor maskedFloats() {
        Shape shape = values.shape();
        int steps = shape.dim(1);
        int[] rows = new int[shape.dim(0) * steps];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i % steps < lengths.get()[i / steps] ? i : -1;
        }
        Tensor table = values.reshape(Shape.of(rows.length, shape.sizeBetween(2, shape.rank())));
        return table.gather(Tensor.ofInts(values.backend(), Shape.of(rows.length), rows)).reshape(shape);
    }

    private Tensor maskedIds() {
        int[] counts = stepCounts();
        return values.mapInts(
                ids -> {
                    int size = ids.length / counts.length;
                    int step = size / values.shape().dim(1);
                    for (int i = 0; i < counts.length; i++) {
                        Arrays.fill(ids, i * size + counts[i] * step, (i + 1) * size, -1);
                    }
                    return ids;
                });
    }

    /// Returns the float32 values with `value` in the padding, through which no gradient flows there.
    ///
    /// @param value such as −∞ before a maximum
    public Tensor masked(float value) {
        if (!isPadded()) {
            return values;
        }
        Shape shape = values.shape();
        int[] counts = lengths.get();
        float[] added = new float[shape.dim(0) * shape.dim(1)];
        for (int i = 0; i < counts.length; i++) {
            Arrays.fill(added, i * shape.dim(1) + counts[i], (i + 1) * shape.dim(1), value);
        }
        int[] ones = new int[shape.rank()];
        Arrays.fill(ones, 1);
        Shape steps = Shape.of(ones).with(0, shape.dim(0)).with(1, shape.dim(1));
        return maskedFloats().add(Tensor.of(values.backend(), steps, added));
    }

    /// Tells whether some sequence is shorter than T.
    public boolean isPadded() {
        return lengths.isPresent() && Arrays.stream(lengths.get()).anyMatch(l -> l < values.shape().dim(1));
    }
}
