package lamella.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;

/// A result and its gradient with respect to each parameter: a value, nothing to reset.
public final class Gradients {
    private final Tensor result;
    private final List<Parameter> parameters;
    private final List<Tensor> gradients;

    Gradients(Tensor result, List<Parameter> parameters, List<Tensor> gradients) {
        this.result = result;
        this.parameters = List.copyOf(parameters);
        this.gradients = List.copyOf(gradients);
    }

    /// Returns the differentiated number, such as the loss.
    public Tensor result() {
        return result;
    }

    /// Returns the parameters, in the order in which they were given.
    public List<Parameter> parameters() {
        return parameters;
    }

    /// Returns the gradients, in the order of the parameters.
    public List<Tensor> all() {
        return gradients;
    }

    /// Returns the gradient with respect to one parameter; it has the parameter's shape.
    ///
    /// @throws NoSuchElementException if the result was not differentiated for it
    public Tensor of(Parameter parameter) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i) == parameter) {
                return gradients.get(i);
            }
        }
        throw new NoSuchElementException("gradients: none for parameter " + parameter.path());
    }

    /// Returns these gradients with each one changed, for example clipped.
    public Gradients map(UnaryOperator<Tensor> change) {
        var changed = new ArrayList<Tensor>(gradients.size());
        gradients.forEach(gradient -> changed.add(change.apply(gradient)));
        return new Gradients(result, parameters, changed);
    }
}
