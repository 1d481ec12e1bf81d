package lamella.optim;

import lamella.backend.View;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;

/// A recipe at work on the parameters of a model, with the state that it keeps for each.
///
/// {@snippet :
/// var optimizer = Optimizer.of(adam(1e-3), model.parameters());
/// optimizer.step(gradients, schedule.at(1e-3f, optimizer.steps()));
/// }
public final class Optimizer {
    private final OptimizerSpec spec;
    private final List<Slotted> parameters;
    private long steps;

    private record Slotted(Parameter parameter, List<Parameter> slots) {}

    private Optimizer(OptimizerSpec spec, List<Slotted> parameters) {
        this.spec = spec;
        this.parameters = parameters;
    }

    /// Returns an optimizer whose state is zeros, on the parameters' backend.
    ///
    /// @throws IllegalArgumentException if a parameter is not trainable, or two have one path
    public static Optimizer of(OptimizerSpec spec, List<Parameter> parameters) {
        var paths = new HashSet<String>();
        var slotted = new ArrayList<Slotted>();
        for (Parameter parameter : parameters) {
            if (!parameter.trainable()) {
                throw new IllegalArgumentException("optimizer: " + parameter.path() + " is a buffer, not trainable");
            }
            if (!paths.add(parameter.path())) {
                throw new IllegalArgumentException("optimizer: two parameters have the path " + parameter.path());
            }
            slotted.add(new Slotted(parameter, spec.slots().stream().map(slot -> zeros(slot, parameter)).toList()));
        }
        return new Optimizer(spec, List.copyOf(slotted));
    }

    private static Parameter zeros(String slot, Parameter parameter) {
        String path = "optimizer." + slot + "/" + parameter.path();
        var made = new ArrayList<Parameter>(1);
        Memory.scope(
                () -> {
                    Tensor zeros = Tensor.zeros(parameter.value().backend(), parameter.shape());
                    made.add(Parameter.of(path, zeros, false));
                });
        return made.getFirst();
    }

    /// Returns the recipe.
    public OptimizerSpec spec() {
        return spec;
    }

    /// Changes every parameter by one step along its gradient.
    ///
    /// @param gradients of all parameters; those of others are ignored
    /// @param learningRate the step size, usually [OptimizerSpec#learningRate()] after a [Schedule]
    /// @throws NoSuchElementException if a parameter has no gradient; then nothing has changed
    /// @throws IllegalArgumentException if the learning rate is negative or not finite
    public void step(Gradients gradients, float learningRate) {
        Limits.requireNotNegative("optimizer", "learningRate", learningRate);
        List<View> views = parameters.stream().map(each -> gradient(gradients, each.parameter)).toList();
        steps++;
        for (int i = 0; i < views.size(); i++) {
            Slotted each = parameters.get(i);
            spec.update(
                    each.parameter.value().backend().optimizer(),
                    each.parameter.value().view(),
                    views.get(i),
                    each.slots.stream().map(slot -> slot.value().view()).toList(),
                    learningRate,
                    steps);
        }
    }

    private static View gradient(Gradients gradients, Parameter parameter) {
        View view = gradients.of(parameter).view();
        if (view.storage().released()) {
            throw new IllegalStateException(
                    "optimizer: the gradient of " + parameter.path() + " is used after its memory scope closed");
        }
        return view;
    }

    /// Returns the number of steps taken.
    public long steps() {
        return steps;
    }

    /// Sets the number of steps taken, when training goes on from a checkpoint.
    ///
    /// @throws IllegalArgumentException if it is negative
    public void steps(long taken) {
        Limits.requireAtLeast("optimizer", "steps", 0, taken);
        steps = taken;
    }

    /// Returns the state as buffers, for checkpoints: parameter by parameter, with paths such as
    /// `optimizer.velocity/net.conv2d1.weight`.
    public List<Parameter> state() {
        return parameters.stream().flatMap(each -> each.slots.stream()).toList();
    }
}
