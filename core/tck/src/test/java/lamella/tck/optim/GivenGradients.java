package lamella.tck.optim;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.List;

/// Parameters whose gradients a test chooses: the gradient of Σ p · c is c.
final class GivenGradients {
    private GivenGradients() {}

    static Parameter parameter(Backend backend, String path, float... values) {
        return Parameter.of(path, Tensor.of(backend, Shape.of(values.length), values), true);
    }

    static Gradients of(Parameter parameter, float... gradient) {
        return of(List.of(parameter), List.of(gradient));
    }

    static Gradients of(List<Parameter> parameters, List<float[]> gradients) {
        return Autograd.differentiate(
                parameters,
                () -> {
                    Tensor sum = null;
                    for (int i = 0; i < parameters.size(); i++) {
                        Tensor value = parameters.get(i).value();
                        var factor = Tensor.of(value.backend(), value.shape(), gradients.get(i));
                        Tensor part = value.multiply(factor).sum();
                        sum = sum == null ? part : sum.add(part);
                    }
                    return sum;
                });
    }
}
