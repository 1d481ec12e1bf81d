/// Lamella's core: shapes, tensors with gradients, layers, training and model files, and the two
/// service interfaces behind which backends and layers stand.
module lamella.core {
    requires tools.jackson.jr.ob;

    exports lamella.array;
    exports lamella.backend;
    exports lamella.tensor;
    exports lamella.nn;
    exports lamella.optim;
    exports lamella.data;
    exports lamella.train;
    exports lamella.train.text;
    exports lamella.io;

    uses lamella.backend.BackendProvider;
    uses lamella.nn.LayerProvider;

    provides lamella.nn.LayerProvider with
            lamella.nn.CoreLayers;
}
