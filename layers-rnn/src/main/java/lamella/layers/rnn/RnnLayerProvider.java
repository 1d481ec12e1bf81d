package lamella.layers.rnn;

import lamella.nn.LayerProvider;
import lamella.nn.LayerType;

import java.util.List;

/// The layers of this module, for model files.
public final class RnnLayerProvider implements LayerProvider {
    /// For the service loader.
    public RnnLayerProvider() {}

    @Override
    public List<LayerType<?>> layers() {
        return List.of(
                AttentionPool.TYPE,
                Embedding.TYPE,
                FeatureDropout.TYPE,
                Gru.TYPE,
                Lstm.TYPE,
                MultiHeadAttention.TYPE,
                NgramEmbedding.TYPE,
                Positions.TYPE,
                Rnn.TYPE,
                StepDropout.TYPE,
                TemporalConv.TYPE,
                TemporalMaxPool.TYPE,
                TimeDistributed.TYPE,
                TimePool.TYPE,
                TransformerEncoder.TYPE);
    }
}
