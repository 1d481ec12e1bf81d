package lamella.layers.cnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;

/// The mean of each channel: `[N, C, H, W]` becomes `[N, C]`.
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]`.
///
/// ## Source
/// Lin et al., "Network in network", ICLR 2014, section 3.2.
public record GlobalAveragePool2d() implements LayerSpec {
    static final LayerType<GlobalAveragePool2d> TYPE =
            LayerType.of(
                    "globalAveragePool2d", GlobalAveragePool2d.class, _ -> new GlobalAveragePool2d(), (_, _) -> {});

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("globalAveragePool2d", "C, H, W", input);
        return x -> x.mean(2, 3);
    }

    @Override
    public String toString() {
        return "globalAveragePool2d()";
    }
}
