package lamella.tensor;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One step of the walk back over the tape: what an op needs to send gradients to its operands.
final class Backward {
    private final Tape tape;
    private final Tensor[] in;
    private final Tensor out;
    private final Tensor outputGradient;

    Backward(Tape tape, Tensor[] in, Tensor out, Tensor outputGradient) {
        this.tape = tape;
        this.in = in;
        this.out = out;
        this.outputGradient = outputGradient;
    }

    Tensor in(int operand) {
        return in[operand];
    }

    int operands() {
        return in.length;
    }

    List<Tensor> in() {
        return List.of(in);
    }

    Tensor out() {
        return out;
    }

    Tensor outputGradient() {
        return outputGradient;
    }

    Backend backend() {
        return outputGradient.backend();
    }

    /// Tells whether anything asks for this operand's gradient.
    boolean needs(int operand) {
        return operand < in.length && tape.tracks(in[operand]);
    }

    /// Adds to an operand's gradient, which is computed only if something asks for it. A gradient
    /// of the broadcast shape is summed back to the operand's.
    void send(int operand, Supplier<Tensor> gradient) {
        if (needs(operand)) {
            tape.accumulate(in[operand], gradient.get().sumTo(in[operand].shape()));
        }
    }

    /// Computes a tensor of the result's shape by a kernel that may write over the gradient of the result, which it
    /// reads: into that one, unless another step needs it as well.
    Tensor computeInPlace(Consumer<View> kernel) {
        if (!outputGradient.lease().isForOneStep()) {
            return compute(out.shape(), kernel);
        }
        kernel.accept(outputGradient.view());
        return outputGradient;
    }

    /// Computes a tensor by a kernel call.
    Tensor compute(Shape shape, Consumer<View> kernel) {
        Tensor result = Tensor.empty(backend(), shape);
        kernel.accept(result.view());
        return result;
    }
}
