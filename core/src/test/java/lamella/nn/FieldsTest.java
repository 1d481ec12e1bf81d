package lamella.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.Map;

/// What [LayerCatalogTest] does not reach through the layers of this module.
class FieldsTest {
    private enum Border {
        ZEROS,
        NEAREST_CELL
    }

    private static Fields fields(Map<String, ?> values) {
        return new Fields("swish", values, LayerCatalog.installed());
    }

    @Test
    void missingFieldsTakeTheFallback() {
        Fields none = fields(Map.of());

        assertEquals(3, none.integer("units", 3));
        assertEquals(0.5f, none.number("rate", 0.5f));
        assertFalse(none.flag("bias", false));
        assertEquals(Border.ZEROS, none.choice("border", Border.class, Border.ZEROS));
    }

    @Test
    void wholeNumbersMayComeAsAnyNumber() {
        assertEquals(3, fields(Map.of("units", 3L)).integer("units"));
        assertEquals(3, fields(Map.of("units", 3.0)).integer("units"));
        assertEquals(3f, fields(Map.of("rate", 3)).number("rate"));
    }

    @Test
    void choicesAreSpelledInLowerCaseWithDashes() {
        Fields nearest = fields(Map.of("border", "nearest-cell"));
        Fields wrong = fields(Map.of("border", "NEAREST_CELL"));

        assertEquals(Border.NEAREST_CELL, nearest.choice("border", Border.class, Border.ZEROS));
        assertEquals(
                "swish: border must be one of [zeros, nearest-cell], got 'NEAREST_CELL'",
                assertThrows(IllegalArgumentException.class, () -> wrong.choice("border", Border.class, Border.ZEROS))
                        .getMessage());
    }

    @Test
    void aMissingFieldIsNamed() {
        Fields none = fields(Map.of());

        assertEquals(
                "swish: field 'name' is missing",
                assertThrows(IllegalArgumentException.class, () -> none.text("name")).getMessage());
        assertEquals(
                "swish: field 'inner' is missing",
                assertThrows(IllegalArgumentException.class, () -> none.layer("inner")).getMessage());
        assertEquals(
                "swish: field 'parts' is missing",
                assertThrows(IllegalArgumentException.class, () -> none.layers("parts")).getMessage());
    }

    @Test
    void anythingElseThanALayerIsRejected() {
        assertEquals(
                "swish: inner must be a layer, got 5",
                assertThrows(IllegalArgumentException.class, () -> fields(Map.of("inner", 5)).layer("inner"))
                        .getMessage());
    }

    @Test
    void numbersKeepTheirBits() {
        for (float value : new float[] {0.1f, 1e-5f, 1f / 3, Float.MIN_VALUE, Float.MAX_VALUE}) {
            var values = new LinkedHashMap<String, Object>();
            new Fields.Writer(values, LayerCatalog.installed()).put("rate", value);

            assertEquals(value, fields(values).number("rate"));
        }
    }

    @Test
    void writesTextsAndChoices() {
        var values = new LinkedHashMap<String, Object>();

        new Fields.Writer(values, LayerCatalog.installed())
                .put("name", "head")
                .put("border", Border.NEAREST_CELL)
                .put("type", DType.INT32);

        assertEquals(Map.of("name", "head", "border", "nearest-cell", "type", "int32"), values);
    }
}
