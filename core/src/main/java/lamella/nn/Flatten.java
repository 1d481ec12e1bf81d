package lamella.nn;

import lamella.array.Shape;

/// Makes one axis of all axes but the batch: `[N, C, H, W]` becomes `[N, C·H·W]`.
public record Flatten() implements LayerSpec {
    static final LayerType<Flatten> TYPE = LayerType.of("flatten", Flatten.class, _ -> new Flatten(), (_, _) -> {});

    @Override
    public Layer build(Scope scope, Shape input) {
        int size = input.size();
        return x -> x.reshape(Shape.of(x.shape().dim(0), size));
    }

    @Override
    public String toString() {
        return "flatten()";
    }
}
