/// Layers for images: convolution, pooling, normalisation, and the nets built from them as case
/// studies.
module lamella.layers.cnn {
    requires transitive lamella.core;

    exports lamella.layers.cnn;

    provides lamella.nn.LayerProvider with
            lamella.layers.cnn.CnnLayerProvider;
}
