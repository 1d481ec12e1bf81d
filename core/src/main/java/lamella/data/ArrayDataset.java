package lamella.data;

import lamella.array.Shape;
import lamella.tensor.RandomSource;

/// Examples in memory: the rows of two arrays.
public final class ArrayDataset implements Dataset {
    private final Values inputs;
    private final Values targets;

    private ArrayDataset(Values inputs, Values targets) {
        this.inputs = inputs;
        this.targets = targets;
    }

    /// Returns the examples whose inputs and targets are the entries of axis 0.
    ///
    /// @throws IllegalArgumentException if there are not as many inputs as targets
    public static ArrayDataset of(Values inputs, Values targets) {
        int rows = inputs.shape().dim(0);
        if (targets.shape().dim(0) != rows) {
            throw new IllegalArgumentException(
                    "dataset: inputs "
                            + inputs.shape()
                            + " and targets "
                            + targets.shape()
                            + " differ in their number of examples");
        }
        return new ArrayDataset(inputs, targets);
    }

    @Override
    public int size() {
        return inputs.shape().dim(0);
    }

    @Override
    public int length(int index) {
        return inputs instanceof Values.Padded(Values _, int[] lengths) ? lengths[index] : 1;
    }

    @Override
    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
        return new Batch(rows(inputs, indices, buffers), rows(targets, indices, buffers), indices.length);
    }

    private static Values rows(Values values, int[] indices, Buffers buffers) {
        Shape shape = values.shape().with(0, indices.length);
        int row = shape.sizeBetween(1, shape.rank());
        return switch (values) {
            case Values.Floats(Shape _, float[] all) -> {
                float[] chosen = buffers.floats(shape.size());
                copy(all, chosen, indices, row);
                yield new Values.Floats(shape, chosen);
            }
            case Values.Ints(Shape _, int[] all) -> {
                int[] chosen = buffers.ints(shape.size());
                copy(all, chosen, indices, row);
                yield new Values.Ints(shape, chosen);
            }
            case Values.Padded(Values all, int[] lengths) -> {
                Values chosen = rows(all, indices, buffers);
                int[] kept = buffers.ints(indices.length);
                copy(lengths, kept, indices, 1);
                yield new Values.Padded(chosen, kept);
            }
        };
    }

    private static void copy(Object all, Object chosen, int[] indices, int row) {
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(all, indices[i] * row, chosen, i * row, row);
        }
    }
}
