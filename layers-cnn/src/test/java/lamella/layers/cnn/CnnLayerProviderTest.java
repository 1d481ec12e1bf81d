package lamella.layers.cnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.nn.LayerCatalog;
import lamella.nn.LayerType;

import org.junit.jupiter.api.Test;

import java.util.List;

class CnnLayerProviderTest {
    private static final List<String> NAMES =
            List.of(
                    "adaptiveAveragePool2d",
                    "averagePool2d",
                    "batchNorm",
                    "conv1d",
                    "conv2d",
                    "convTranspose2d",
                    "dropout2d",
                    "globalAveragePool2d",
                    "localResponseNorm",
                    "maxPool2d",
                    "pRelu");

    @Test
    void namesTheLayersOfThisModule() {
        assertEquals(NAMES, new CnnLayerProvider().layers().stream().map(LayerType::name).toList());
    }

    @Test
    void isFoundByTheCatalog() {
        assertTrue(LayerCatalog.installed().names().containsAll(NAMES));
        assertEquals(List.of(), LayerCatalog.installed().failures());
    }
}
