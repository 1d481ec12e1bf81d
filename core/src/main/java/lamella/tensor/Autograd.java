package lamella.tensor;

import lamella.array.ShapeException;

import java.util.List;
import java.util.function.Supplier;

/// Differentiation by walking back over what was computed.
///
/// {@snippet :
/// Gradients gradients = Autograd.differentiate(model.parameters(), () -> loss(model, batch));
/// float loss = gradients.result().item();
/// }
///
/// On the way back each gradient goes back to the backend as soon as it has been used, and so does what was let go on
/// the way forward ([Memory#letGo]), so that memory for the next is there.
///
/// First order only: inside another differentiation, results and gradients are constants.
public final class Autograd {
    private Autograd() {}

    /// Computes a scalar and its gradient with respect to each parameter.
    ///
    /// @throws ShapeException if the result has more than one element
    public static Gradients differentiate(List<Parameter> parameters, Supplier<Tensor> scalar) {
        List<Tensor> values = parameters.stream().map(Parameter::value).toList();
        var tape = new Tape(values);
        Tensor result = walk(tape, scalar);
        // detached: who keeps a loss should not keep all that it was computed from
        return new Gradients(result.detach(), parameters, values.stream().map(tape::gradient).toList());
    }

    /// Computes a scalar and its gradient with respect to tensors that are no parameters.
    ///
    /// @throws ShapeException if the result has more than one element
    public static List<Tensor> gradients(List<Tensor> inputs, Supplier<Tensor> scalar) {
        var tape = new Tape(inputs);
        walk(tape, scalar);
        return inputs.stream().map(tape::gradient).toList();
    }

    /// Computes a constant: nothing of it is recorded, whatever is being differentiated around it.
    public static <T> T constant(Supplier<T> body) {
        return Tape.pause(body);
    }

    private static Tensor walk(Tape tape, Supplier<Tensor> scalar) {
        Tensor result = tape.record(scalar);
        if (result.shape().size() != 1) {
            throw ShapeException.of(
                            "differentiate",
                            "the result must be one number, but it has " + result.shape().size() + " elements")
                    .operand("result", result.shape(), "", "");
        }
        return Tape.pause(
                () -> {
                    tape.walk(result);
                    return result;
                });
    }
}
