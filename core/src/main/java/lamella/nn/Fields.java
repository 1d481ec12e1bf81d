package lamella.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The fields of one layer in a model file, read by type. Every error names layer, field and value.
public final class Fields {
    private final String layer;
    private final Map<String, ?> values;
    private final LayerCatalog catalog;
    private final Set<String> asked = new LinkedHashSet<>();

    Fields(String layer, Map<String, ?> values, LayerCatalog catalog) {
        this.layer = layer;
        this.values = values;
        this.catalog = catalog;
    }

    /// Returns a whole number.
    ///
    /// @throws IllegalArgumentException if it is missing or no whole number of 32 bits
    public int integer(String name) {
        return asInteger(name, required(name));
    }

    /// Returns a whole number, or `fallback` if the field is missing.
    public int integer(String name, int fallback) {
        return has(name) ? asInteger(name, values.get(name)) : fallback;
    }

    /// Returns a number.
    ///
    /// @throws IllegalArgumentException if it is missing or no number
    public float number(String name) {
        return asNumber(name, required(name));
    }

    /// Returns a number, or `fallback` if the field is missing.
    public float number(String name, float fallback) {
        return has(name) ? asNumber(name, values.get(name)) : fallback;
    }

    /// Returns true or false, or `fallback` if the field is missing.
    public boolean flag(String name, boolean fallback) {
        if (!has(name)) {
            return fallback;
        }
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    /// Returns a text.
    ///
    /// @throws IllegalArgumentException if it is missing or no text
    public String text(String name) {
        if (required(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "a text");
    }

    /// Returns one of the constants of an enum, written in lower case with dashes.
    public <E extends Enum<E>> E choice(String name, Class<E> type, E fallback) {
        if (!has(name)) {
            return fallback;
        }
        for (E constant : type.getEnumConstants()) {
            if (spelled(constant).equals(values.get(name))) {
                return constant;
            }
        }
        var known = new ArrayList<String>();
        for (E constant : type.getEnumConstants()) {
            known.add(spelled(constant));
        }
        throw wrong(name, "one of " + known);
    }

    /// Returns one nested layer.
    ///
    /// @throws IllegalArgumentException if it is missing or no layer
    public LayerSpec layer(String name) {
        required(name);
        return asLayer(name, values.get(name));
    }

    /// Returns one nested layer, or nothing if the field is missing.
    public Optional<LayerSpec> optionalLayer(String name) {
        return has(name) ? Optional.of(asLayer(name, values.get(name))) : Optional.empty();
    }

    /// Returns a list of nested layers.
    ///
    /// @throws IllegalArgumentException if it is missing or no list of layers
    public List<LayerSpec> layers(String name) {
        if (!(required(name) instanceof List<?> list)) {
            throw wrong(name, "a list of layers");
        }
        var specs = new ArrayList<LayerSpec>();
        for (int i = 0; i < list.size(); i++) {
            specs.add(asLayer(name + "[" + i + "]", list.get(i)));
        }
        return specs;
    }

    private LayerSpec asLayer(String name, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(layer + ": " + name + " must be a layer, got " + shown(value));
        }
        var fields = new LinkedHashMap<String, Object>();
        map.forEach((key, content) -> fields.put(String.valueOf(key), content));
        try {
            return catalog.read(fields);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    private boolean has(String name) {
        asked.add(name);
        return values.containsKey(name);
    }

    private Object required(String name) {
        if (!has(name)) {
            throw new IllegalArgumentException(layer + ": field '" + name + "' is missing");
        }
        return values.get(name);
    }

    private int asInteger(String name, Object value) {
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        throw wrong(name, "a whole number");
    }

    private float asNumber(String name, Object value) {
        if (value instanceof Number number) {
            return number.floatValue();
        }
        throw wrong(name, "a number");
    }

    private IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException(
                layer + ": " + name + " must be " + expected + ", got " + shown(values.get(name)));
    }

    private static String shown(Object value) {
        return value instanceof String text ? "'" + text + "'" : String.valueOf(value);
    }

    private static String spelled(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void requireAllRead() {
        for (String name : values.keySet()) {
            if (!name.equals("layer") && !asked.contains(name)) {
                throw new IllegalArgumentException(layer + ": unknown field '" + name + "'; expected " + asked);
            }
        }
    }

    /// Writes the fields of one layer.
    public static final class Writer {
        private final Map<String, Object> values;
        private final LayerCatalog catalog;

        Writer(Map<String, Object> values, LayerCatalog catalog) {
            this.values = values;
            this.catalog = catalog;
        }

        /// Writes a whole number.
        public Writer put(String name, int value) {
            values.put(name, value);
            return this;
        }

        /// Writes a number; it is read back with the same bits.
        public Writer put(String name, float value) {
            values.put(name, Double.valueOf(Float.toString(value)));
            return this;
        }

        /// Writes true or false.
        public Writer put(String name, boolean value) {
            values.put(name, value);
            return this;
        }

        /// Writes a text.
        public Writer put(String name, String value) {
            values.put(name, value);
            return this;
        }

        /// Writes a constant of an enum.
        public Writer put(String name, Enum<?> value) {
            values.put(name, spelled(value));
            return this;
        }

        /// Writes a nested layer.
        public Writer put(String name, LayerSpec layer) {
            values.put(name, catalog.write(layer));
            return this;
        }

        /// Writes a list of nested layers.
        public Writer put(String name, List<LayerSpec> layers) {
            values.put(name, layers.stream().map(catalog::write).toList());
            return this;
        }
    }
}
