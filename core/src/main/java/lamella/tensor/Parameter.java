package lamella.tensor;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.MetaBackend;

/// A named value that outlives a step: a weight that training changes, or a buffer such as a running
/// mean. The tensor stays the same object; its elements are replaced.
public final class Parameter {
    private final String path;
    private final Tensor value;
    private final boolean trainable;

    private Parameter(String path, Tensor value, boolean trainable) {
        this.path = path;
        this.value = value;
        this.trainable = trainable;
    }

    /// Returns a parameter with a copy of `initial`, which belongs to no memory scope.
    ///
    /// @param path its name in the model, such as `lenet.conv2d1.weight`
    public static Parameter of(String path, Tensor initial, boolean trainable) {
        Tensor own = Memory.outside(() -> Tensor.empty(initial.backend(), initial.shape())).labelled(path);
        var parameter = new Parameter(path, own, trainable);
        parameter.assign(initial);
        return parameter;
    }

    /// Returns the name in the model.
    public String path() {
        return path;
    }

    /// Returns the value; always the same object.
    public Tensor value() {
        return value;
    }

    /// Returns the value's shape.
    public Shape shape() {
        return value.shape();
    }

    /// Tells whether training changes it by gradients; false for buffers.
    public boolean trainable() {
        return trainable;
    }

    /// Replaces the elements. On `meta`, where there are none, nothing happens.
    ///
    /// @throws ShapeException if the shape differs
    /// @throws IllegalArgumentException if the new elements are int32 or on another backend
    /// @throws IllegalStateException if the new elements' memory scope closed
    public void assign(Tensor elements) {
        if (!elements.shape().equals(value.shape())) {
            throw ShapeException.of("assign", "the parameter and its new value differ in shape")
                    .operand("value", elements.shape(), "", elements.label())
                    .operand("param", value.shape(), "", path);
        }
        Backend from = elements.backend();
        Backend to = value.backend();
        if (from instanceof MetaBackend || to instanceof MetaBackend) {
            return;
        }
        if (from != to) {
            throw new IllegalArgumentException(
                    "assign: the value is on backend '%s' but %s is on '%s'".formatted(from.name(), path, to.name()));
        }
        if (elements.type() != value.type()) {
            throw new IllegalArgumentException("assign: %s must be float32, got int32".formatted(path));
        }
        if (elements.view().storage().released()) {
            throw new IllegalStateException(
                    "assign: the value of %s is used after its memory scope closed".formatted(path));
        }
        to.elementwise().copy(elements.view(), value.view());
    }

    /// Returns path and shape: `lenet.conv2d1.weight [6, 1, 5, 5]`.
    @Override
    public String toString() {
        return path + " " + shape();
    }
}
