package lamella.plugin.example;

import lamella.array.Shape;
import lamella.nn.Fields;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.tensor.Parameter;

/// `x · sigmoid(beta · x)` with a beta that is learned, one for the whole layer.
///
/// Source: Ramachandran, Zoph and Le, "Searching for activation functions", 2017, section 5.
///
/// @param beta its value at the start
record Swish(float beta) implements LayerSpec {
    static final LayerType<Swish> TYPE =
            LayerType.of("swish", Swish.class, Swish::read, (swish, out) -> out.put("beta", swish.beta));

    private static Swish read(Fields fields) {
        return new Swish(fields.number("beta", 1));
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Parameter slope = scope.parameter("beta", Shape.of(1), Initializer.constant(beta));
        return x -> x.multiply(x.multiply(slope.value()).sigmoid());
    }

    @Override
    public String toString() {
        return "swish(" + beta + ")";
    }
}
