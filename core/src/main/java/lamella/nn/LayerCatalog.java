package lamella.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/// All kinds of layers that can be named in a model file: those of the modules on the module path
/// (or class path), and of a plugin layer if one is given.
public final class LayerCatalog {
    private final Map<String, LayerType<?>> byName = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    private LayerCatalog(ServiceLoader<LayerProvider> loader) {
        var iterator = loader.iterator();
        while (true) {
            try {
                if (!iterator.hasNext()) {
                    return;
                }
                iterator.next().layers().forEach(this::add);
            } catch (ServiceConfigurationError e) {
                failures.add(e.getMessage());
            }
        }
    }

    /// Returns the layers of the boot layer, or of the class path.
    public static LayerCatalog installed() {
        return new LayerCatalog(ServiceLoader.load(LayerProvider.class));
    }

    /// Returns the layers of a module layer and its parents.
    public static LayerCatalog of(ModuleLayer layer) {
        return new LayerCatalog(ServiceLoader.load(layer, LayerProvider.class));
    }

    private void add(LayerType<?> type) {
        LayerType<?> before = byName.putIfAbsent(type.name(), type);
        if (before != null && before.spec() != type.spec()) {
            failures.add(
                    "layer '%s' of %s is hidden by %s"
                            .formatted(type.name(), type.spec().getName(), before.spec().getName()));
        }
    }

    /// Returns the names, sorted.
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /// Returns what went wrong with providers, a message each.
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /// Makes a spec from its fields; `layer` names the kind: `{"layer": "dense", "units": 10}`.
    ///
    /// @throws IllegalArgumentException if the kind is unknown, a field is missing, unknown or of
    ///     the wrong type, or the spec rejects a value
    public LayerSpec read(Map<String, ?> fields) {
        if (!(fields.get("layer") instanceof String name)) {
            throw new IllegalArgumentException(
                    "layer: field 'layer' must name a kind of layer, got " + fields.get("layer"));
        }
        LayerType<?> type = byName.get(name);
        if (type == null) {
            throw new IllegalArgumentException("no layer named '" + name + "'; on the module path: " + names());
        }
        var reader = new Fields(name, fields, this);
        LayerSpec spec = type.reader().apply(reader);
        reader.requireAllRead();
        return spec;
    }

    /// Returns the fields of a spec, such that [#read] makes an equal one.
    ///
    /// @throws IllegalArgumentException if no kind of layer writes such a spec
    public Map<String, Object> write(LayerSpec spec) {
        LayerType<?> type = byName.get(spec.kind());
        if (type == null || type.spec() != spec.getClass()) {
            throw new IllegalArgumentException(
                    "layer "
                            + spec
                            + " cannot be saved: no provider on the module path knows "
                            + spec.getClass().getName());
        }
        var fields = new LinkedHashMap<String, Object>();
        fields.put("layer", type.name());
        type.write(spec, new Fields.Writer(fields, this));
        return fields;
    }
}
