package lamella.nn;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.elu;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.gelu;
import static lamella.nn.Layers.layerNorm;
import static lamella.nn.Layers.leakyRelu;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.relu6;
import static lamella.nn.Layers.selu;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.sigmoid;
import static lamella.nn.Layers.silu;
import static lamella.nn.Layers.softmax;
import static lamella.nn.Layers.softplus;
import static lamella.nn.Layers.tanh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class LayerCatalogTest {
    private static final String NAMES =
            "[concatenate, dense, dropout, elu, flatten, gelu, layerNorm, leakyRelu, named, relu, relu6, residual,"
                    + " selu, sequential, sigmoid, silu, softmax, softplus, tanh]";

    private final LayerCatalog catalog = LayerCatalog.installed();

    private String error(Map<String, ?> fields) {
        return assertThrows(IllegalArgumentException.class, () -> catalog.read(fields)).getMessage();
    }

    static Stream<LayerSpec> specs() {
        return Stream.of(
                dense(10),
                dense(3).withoutBias(),
                dropout(0.1f),
                flatten(),
                relu(),
                relu6(),
                leakyRelu(),
                leakyRelu(0.3f),
                elu(),
                elu(0.7f),
                selu(),
                gelu(),
                layerNorm(),
                layerNorm().epsilon(0.01),
                silu(),
                softplus(),
                tanh(),
                sigmoid(),
                softmax(),
                named("head", dense(2)),
                sequential(),
                sequential(dense(5), sequential(relu(), named("out", dense(2)))));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void readsWhatItWrote(LayerSpec spec) {
        assertEquals(spec, catalog.read(catalog.write(spec)));
    }

    @Test
    void knowsTheLayersOfThisModule() {
        assertEquals(NAMES, catalog.names().toString());
        assertEquals(List.of(), catalog.failures());
    }

    @Test
    void writesPlainFields() {
        assertEquals(Map.of("layer", "dense", "units", 10, "bias", true), catalog.write(dense(10)));
        assertEquals(Map.of("layer", "dropout", "rate", 0.1), catalog.write(dropout(0.1f)));
        assertEquals(
                Map.of("layer", "named", "name", "head", "of", Map.of("layer", "leakyRelu", "alpha", 0.3)),
                catalog.write(named("head", leakyRelu(0.3f))));
    }

    @Test
    void whatHasADefaultMayBeLeftOut() {
        assertEquals(dense(10), catalog.read(Map.of("layer", "dense", "units", 10)));
        assertEquals(leakyRelu(0.01f), catalog.read(Map.of("layer", "leakyRelu")));
        assertEquals(elu(1), catalog.read(Map.of("layer", "elu")));
    }

    @Test
    void anUnknownKindListsWhatIsThere() {
        assertEquals("no layer named 'conv9d'; on the module path: " + NAMES, error(Map.of("layer", "conv9d")));
    }

    @Test
    void aLayerNeedsAKind() {
        assertEquals("layer: field 'layer' must name a kind of layer, got null", error(Map.of("units", 10)));
        assertEquals("layer: field 'layer' must name a kind of layer, got 7", error(Map.of("layer", 7)));
    }

    @Test
    void rejectsWhatNoProviderKnows() {
        record Swish() implements LayerSpec {
            @Override
            public Layer build(Scope scope, Shape input) {
                return x -> x;
            }
        }

        assertEquals(
                "layer Swish[] cannot be saved: no provider on the module path knows"
                        + " lamella.nn.LayerCatalogTest$1Swish",
                assertThrows(IllegalArgumentException.class, () -> catalog.write(sequential(new Swish())))
                        .getMessage());
    }

    @Test
    void errorsNameLayerFieldAndValue() {
        assertEquals("dense: field 'units' is missing", error(Map.of("layer", "dense")));
        assertEquals("dense: units must be a whole number, got '10'", error(Map.of("layer", "dense", "units", "10")));
        assertEquals("dense: units must be a whole number, got 2.5", error(Map.of("layer", "dense", "units", 2.5)));
        assertEquals(
                "dense: units must be a whole number, got 4294967297",
                error(Map.of("layer", "dense", "units", 4294967297L)));
        assertEquals(
                "dense: bias must be true or false, got 1", error(Map.of("layer", "dense", "units", 10, "bias", 1)));
        assertEquals("dropout: rate must be a number, got '0.5'", error(Map.of("layer", "dropout", "rate", "0.5")));
        assertEquals("named: name must be a text, got 3", error(Map.of("layer", "named", "name", 3, "of", Map.of())));
    }

    @Test
    void aSpecRejectsItsValues() {
        assertEquals("dense: units must be at least 1, got 0", error(Map.of("layer", "dense", "units", 0)));
        assertEquals("dropout: rate must be in [0, 1), got 1.0", error(Map.of("layer", "dropout", "rate", 1)));
        assertEquals(
                "named: name must be letters, digits, '_' and '-', got 'a.b'",
                error(Map.of("layer", "named", "name", "a.b", "of", Map.of("layer", "relu"))));
    }

    @Test
    void unknownFieldsAreErrors() {
        assertEquals(
                "dense: unknown field 'unit'; expected [units, bias]",
                error(Map.of("layer", "dense", "units", 10, "unit", 3)));
        assertEquals("relu: unknown field 'alpha'; expected []", error(Map.of("layer", "relu", "alpha", 3)));
    }

    @Test
    void nestedErrorsSayWhere() {
        assertEquals(
                "sequential: layers must be a list of layers, got 'relu'",
                error(Map.of("layer", "sequential", "layers", "relu")));
        assertEquals(
                "sequential: layers[1] must be a layer, got 'relu'",
                error(Map.of("layer", "sequential", "layers", List.of(Map.of("layer", "relu"), "relu"))));
        assertEquals(
                "layers[0]: of: dense: field 'units' is missing",
                error(
                        Map.of(
                                "layer",
                                "sequential",
                                "layers",
                                List.of(Map.of("layer", "named", "name", "head", "of", Map.of("layer", "dense"))))));
        assertEquals("named: field 'of' is missing", error(Map.of("layer", "named", "name", "head")));
    }
}
