package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.stream.Collectors;

/// A [Model] for inference alone, as it was when [Model#freeze] was called; later training of the model changes nothing
/// here.
///
/// Batch normalisation after a convolution or dense layer is in its weight and bias. Functions of single elements and
/// the sum of a [Residual] are computed together with the layer before them. Dropout is gone. What cannot be folded
/// runs as in the model: a layer takes part by [Layer#finishes] or [Fusible], and none must.
///
/// The outputs are the model's in inference mode, but for rounding: a folded layer multiplies by another number than
/// the two layers did. For float32 the tests hold the difference below 1e-5 of the largest output, in nets such as
/// LeNet-5 and a residual net of three blocks.
///
/// It has no trainable parameters, records nothing for gradients, and does not see that anything is in training around
/// it: its outputs are constants there. It is not written to files, as its weights are not the spec's: save the model,
/// and freeze it again after reading.
///
/// {@snippet :
/// Frozen frozen = ModelFile.open(file).model(catalog, backend).freeze();
/// Tensor logits = frozen.forward(images);   // [N, 1, 28, 28] -> [N, 10]
/// }
public final class Frozen {
    private final Shape input;
    private final Shape output;
    private final Backend backend;
    private final List<Scope.Part> parts;

    Frozen(Shape input, Backend backend, Scope.Part net) {
        this.input = input;
        this.output = net.output();
        this.backend = backend;
        this.parts = Folding.of(List.of(net));
    }

    /// Returns the shape of one input example.
    public Shape input() {
        return input;
    }

    /// Returns the shape of one output example.
    public Shape output() {
        return output;
    }

    /// Returns where the weights are.
    public Backend backend() {
        return backend;
    }

    /// Returns the output for a batch.
    ///
    /// @throws ShapeException if `x` is not a batch of inputs of the shape that the model was built for
    public Tensor forward(Tensor x) {
        Model.requireBatch(input, x);
        return Mode.infer(() -> Autograd.constant(() -> run(x)));
    }

    /// A net without layers would hand its input back, which something may be differentiated by.
    private Tensor run(Tensor x) {
        Tensor y = x;
        for (Scope.Part part : parts) {
            y = part.forward(y);
        }
        return y == x ? x.detach() : y;
    }

    /// Returns the output for a batch of sequences of any number of steps.
    ///
    /// @param x `[N, T, ...]`; a model built for inputs `[T', ...]` takes any T that its layers take
    /// @throws ShapeException if `x` is not a batch of inputs of the shape that the model was built for, but for the
    ///     number of steps
    public Sequences forward(Sequences x) {
        Model.requireSequences(input, x);
        return Mode.infer(() -> Autograd.constant(() -> run(x)));
    }

    private Sequences run(Sequences x) {
        Sequences y = x;
        for (Scope.Part part : parts) {
            y = part.forward(y);
        }
        return y.values() == x.values() ? y.with(x.values().detach()) : y;
    }

    /// Returns what answers batches of one size in the shortest time.
    ///
    /// @throws IllegalArgumentException if the size is below 1
    public Predictor predictor(int batch) {
        DType type = parts.isEmpty() ? DType.FLOAT32 : parts.getFirst().layer().inputType();
        return new Predictor(this, type, batch);
    }

    /// Returns what runs, a line for each part: paths and recipes of the layers that are in it.
    @Override
    public String toString() {
        return parts.stream().map(Scope.Part::place).collect(Collectors.joining("\n"));
    }
}
