/// Layers for sequences: embedding, recurrent layers, attention, pooling over time.
module lamella.layers.rnn {
    requires transitive lamella.core;

    exports lamella.layers.rnn;

    provides lamella.nn.LayerProvider with
            lamella.layers.rnn.RnnLayerProvider;
}
