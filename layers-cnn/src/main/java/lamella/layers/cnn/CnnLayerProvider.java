package lamella.layers.cnn;

import lamella.nn.LayerProvider;
import lamella.nn.LayerType;

import java.util.List;

/// The layers of this module, for model files.
public final class CnnLayerProvider implements LayerProvider {
    /// For the service loader.
    public CnnLayerProvider() {}

    @Override
    public List<LayerType<?>> layers() {
        return List.of(
                AdaptiveAveragePool2d.TYPE,
                AveragePool2d.TYPE,
                BatchNorm.TYPE,
                Conv1d.TYPE,
                Conv2d.TYPE,
                ConvTranspose2d.TYPE,
                Dropout2d.TYPE,
                GlobalAveragePool2d.TYPE,
                LocalResponseNorm.TYPE,
                MaxPool2d.TYPE,
                PRelu.TYPE);
    }
}
