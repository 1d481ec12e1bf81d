package lamella.io;

import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Descriptions of nets as JSON: `{"layer": "dense", "units": 10}` is a layer, and
/// `{"layers": [{"layer": "conv2d", "filters": 6, "kernel": 5}, ...]}` a sequence of layers.
///
/// ## Errors
/// [ModelFileException] of one line: file, line and column for bad JSON; file, position and field
/// for a bad layer, as in `net description: net.json: layers[3]: conv2d: field 'filters' is
/// missing`. [UncheckedIOException] if a file cannot be read or written.
public final class SpecJson {
    private static final long LONGEST_FILE = 16 << 20;

    private SpecJson() {}

    /// Reads the description in a file.
    public static LayerSpec read(Path file, LayerCatalog catalog) {
        String where = "net description: " + file;
        try (DataReader in = DataReader.open(file)) {
            if (in.size() > LONGEST_FILE) {
                throw new ModelFileException(where + ": has " + in.size() + " bytes, more than " + LONGEST_FILE);
            }
            byte[] utf8 = in.bytes(0, (int) in.size());
            return parse(where, Json.decode(where, utf8), catalog);
        } catch (IOException e) {
            throw new UncheckedIOException(where + ": " + Shown.reason(e), e);
        }
    }

    /// Returns what a description describes.
    ///
    /// @param where what error messages begin with, such as `net description: net.json`
    public static LayerSpec parse(String where, String json, LayerCatalog catalog) {
        if (!(Json.tree(where, json) instanceof Map<?, ?> object)) {
            throw new ModelFileException(where + ": must be an object such as {\"layers\": [...]}");
        }
        var fields = new LinkedHashMap<String, Object>();
        if (!object.containsKey("layer") && object.containsKey("layers")) {
            fields.put("layer", "sequential");
        }
        object.forEach((name, value) -> fields.put((String) name, value));
        try {
            return catalog.read(fields);
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(where + ": " + Shown.line(e.getMessage()), e);
        }
    }

    /// Returns the description of a net, such that [#parse] makes an equal one.
    ///
    /// @throws IllegalArgumentException if a layer is of no known kind
    public static String text(LayerSpec spec, LayerCatalog catalog) {
        return Json.pretty(catalog.write(spec));
    }

    /// Writes the description of a net to a file, as a whole or not at all.
    public static void write(Path file, LayerSpec spec, LayerCatalog catalog) {
        byte[] utf8 = text(spec, catalog).getBytes(StandardCharsets.UTF_8);
        AtomicFile.write("net description", file, channel -> new DataWriter(channel).bytes(utf8));
    }
}
