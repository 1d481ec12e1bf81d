package lamella.nn;

import java.util.List;

/// The service by which a module adds kinds of layers:
/// `provides lamella.nn.LayerProvider with com.example.swish.SwishProvider`.
public interface LayerProvider {
    /// Returns the kinds of layers in this module.
    List<LayerType<?>> layers();
}
