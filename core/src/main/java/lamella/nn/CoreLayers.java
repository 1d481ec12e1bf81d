package lamella.nn;

import java.util.ArrayList;
import java.util.List;

/// The layers of this module, for model files.
public final class CoreLayers implements LayerProvider {
    /// For the service loader.
    public CoreLayers() {}

    @Override
    public List<LayerType<?>> layers() {
        var types = new ArrayList<LayerType<?>>(Activation.types());
        types.addAll(
                List.of(
                        Concatenate.TYPE,
                        Dense.TYPE,
                        Dropout.TYPE,
                        Flatten.TYPE,
                        LayerNorm.TYPE,
                        Named.TYPE,
                        Residual.TYPE,
                        Sequential.TYPE));
        return List.copyOf(types);
    }
}
