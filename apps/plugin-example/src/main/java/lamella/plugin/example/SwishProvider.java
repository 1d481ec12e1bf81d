package lamella.plugin.example;

import lamella.nn.LayerProvider;
import lamella.nn.LayerType;

import java.util.List;

/// Makes [Swish] known.
public final class SwishProvider implements LayerProvider {
    /// For the service loader.
    public SwishProvider() {}

    @Override
    public List<LayerType<?>> layers() {
        return List.of(Swish.TYPE);
    }
}
