package lamella.layers.rnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.nn.LayerCatalog;
import lamella.nn.LayerType;

import org.junit.jupiter.api.Test;

import java.util.List;

class RnnLayerProviderTest {
    private static final List<String> NAMES =
            List.of(
                    "attentionPool",
                    "embedding",
                    "featureDropout",
                    "gru",
                    "lstm",
                    "multiHeadAttention",
                    "ngramEmbedding",
                    "positions",
                    "rnn",
                    "stepDropout",
                    "temporalConv",
                    "temporalMaxPool",
                    "timeDistributed",
                    "timePool",
                    "transformerEncoder");

    @Test
    void namesTheLayersOfThisModule() {
        assertEquals(NAMES, new RnnLayerProvider().layers().stream().map(LayerType::name).toList());
    }

    @Test
    void isFoundByTheCatalog() {
        assertTrue(LayerCatalog.installed().names().containsAll(NAMES));
        assertEquals(List.of(), LayerCatalog.installed().failures());
    }
}
