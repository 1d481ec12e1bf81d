package lamella.io;

import lamella.array.DType;
import lamella.array.Shape;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The header of a safetensors file: which tensors lie where, and texts that go with them.
///
/// @param metadata texts by name
/// @param tensors in the order of the data, which they cover without gap or overlap
record Header(Map<String, String> metadata, List<SafeTensors.Entry> tensors) {
    static final String METADATA = "__metadata__";
    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_AXES = 32;

    /// Reads and checks a header.
    ///
    /// @param file what errors begin with: `checkpoint: lenet.safetensors`
    /// @param utf8 the JSON text
    /// @param dataBytes how many bytes follow it in the file
    static Header parse(String file, byte[] utf8, long dataBytes) {
        String where = file + ": header";
        String text = Json.decode(where, utf8);
        if (!text.startsWith("{")) {
            throw new ModelFileException(where + ": does not begin with {");
        }
        try (JsonParser in = Json.parser(text)) {
            return new Reading(file, in).header(dataBytes);
        } catch (JacksonException e) {
            throw Json.syntax(where, e);
        }
    }

    /// Returns the JSON text for tensors that lie one after the other.
    String json() {
        var fields = new LinkedHashMap<String, Object>();
        if (!metadata.isEmpty()) {
            fields.put(METADATA, new TreeMap<>(metadata));
        }
        for (SafeTensors.Entry tensor : tensors) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("dtype", name(tensor.type()));
            entry.put("shape", tensor.shape().dims());
            entry.put("data_offsets", new long[] {tensor.start(), tensor.end()});
            fields.put(tensor.name(), entry);
        }
        return Json.text(fields);
    }

    static String name(DType type) {
        return switch (type) {
            case FLOAT32 -> "F32";
            case INT32 -> "I32";
        };
    }

    /// One pass over the tokens.
    private record Reading(String file, JsonParser in) {
        Header header(long dataBytes) {
            Map<String, String> metadata = Map.of();
            var tensors = new ArrayList<SafeTensors.Entry>();
            in.nextToken();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                if (name.equals(METADATA)) {
                    metadata = metadata();
                } else {
                    require(tensors.size() < MOST_ENTRIES, "more than 100000 tensors");
                    tensors.add(tensor(name));
                }
            }
            require(in.nextToken() == null, "header: more text after the closing }");
            tensors.sort(Comparator.comparingLong(SafeTensors.Entry::start).thenComparingLong(SafeTensors.Entry::end));
            requireCovered(tensors, dataBytes);
            return new Header(metadata, List.copyOf(tensors));
        }

        private Map<String, String> metadata() {
            require(in.nextToken() == JsonToken.START_OBJECT, METADATA + " is not an object");
            var texts = new LinkedHashMap<String, String>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                require(texts.size() < MOST_ENTRIES, "more than 100000 entries in " + METADATA);
                String key = in.currentName();
                if (in.nextToken() != JsonToken.VALUE_STRING) {
                    throw error(METADATA + " entry " + Shown.name(key) + " is not a text");
                }
                texts.put(key, in.getString());
            }
            return texts;
        }

        private SafeTensors.Entry tensor(String name) {
            String tensor = "tensor " + Shown.name(name);
            require(in.nextToken() == JsonToken.START_OBJECT, tensor + " is not an object");
            DType type = null;
            Shape shape = null;
            long[] offsets = null;
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String field = in.currentName();
                in.nextToken();
                switch (field) {
                    case "dtype" -> type = type(tensor);
                    case "shape" -> shape = shape(tensor);
                    case "data_offsets" -> offsets = offsets(tensor);
                    default -> throw error(tensor + " has an unknown field " + Shown.name(field));
                }
            }
            require(type != null, tensor + " has no dtype");
            require(shape != null, tensor + " has no shape");
            require(offsets != null, tensor + " has no data_offsets");
            var entry = new SafeTensors.Entry(name, type, shape, offsets[0]);
            if (offsets[1] != entry.end()) {
                throw error(
                        "%s of shape %s needs %d bytes but its data_offsets [%d, %d] hold %d"
                                .formatted(
                                        tensor,
                                        shape,
                                        entry.end() - entry.start(),
                                        offsets[0],
                                        offsets[1],
                                        offsets[1] - offsets[0]));
            }
            return entry;
        }

        private DType type(String tensor) {
            require(in.currentToken() == JsonToken.VALUE_STRING, tensor + ": dtype is not a text");
            return switch (in.getString()) {
                case "F32" -> DType.FLOAT32;
                case "I32" -> DType.INT32;
                default -> throw error(tensor + " has dtype " + Shown.name(in.getString()) + "; known: [F32, I32]");
            };
        }

        private Shape shape(String tensor) {
            long[] extents = numbers(tensor + ": shape", MOST_AXES, Integer.MAX_VALUE);
            int[] dims = new int[extents.length];
            for (int i = 0; i < dims.length; i++) {
                dims[i] = (int) extents[i];
            }
            try {
                return Shape.of(dims);
            } catch (IllegalArgumentException e) {
                throw new ModelFileException(file + ": " + tensor + ": " + e.getMessage(), e);
            }
        }

        private long[] offsets(String tensor) {
            long[] offsets = numbers(tensor + ": data_offsets", 2, Long.MAX_VALUE);
            require(offsets.length == 2, tensor + ": data_offsets are not two numbers");
            if (offsets[0] > offsets[1]) {
                throw error(
                        "%s has data_offsets [%d, %d], the end before the start"
                                .formatted(tensor, offsets[0], offsets[1]));
            }
            return offsets;
        }

        /// Reads a list of whole numbers of 0 to `largest`, `most` of them at most.
        private long[] numbers(String list, int most, long largest) {
            require(in.currentToken() == JsonToken.START_ARRAY, list + " is not a list");
            var numbers = new ArrayList<Long>();
            for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
                if (numbers.size() == most) {
                    throw error(list + " has more than " + most + " numbers");
                }
                numbers.add(number(list, t, largest));
            }
            return numbers.stream().mapToLong(Long::longValue).toArray();
        }

        private long number(String list, JsonToken token, long largest) {
            boolean fits =
                    token == JsonToken.VALUE_NUMBER_INT && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!fits || in.getLongValue() < 0 || in.getLongValue() > largest) {
                String shown = token.isScalarValue() ? in.getString() : token.asString();
                throw error("%s holds %s, not a whole number of 0 to %d".formatted(list, Shown.name(shown), largest));
            }
            return in.getLongValue();
        }

        private void requireCovered(List<SafeTensors.Entry> tensors, long dataBytes) {
            String before = "";
            long covered = 0;
            for (SafeTensors.Entry tensor : tensors) {
                String name = "tensor " + Shown.name(tensor.name());
                if (tensor.end() > dataBytes) {
                    throw error(
                            "%s ends at byte %d but the file has %d bytes of data"
                                    .formatted(name, tensor.end(), dataBytes));
                }
                if (tensor.start() < covered) {
                    throw error(
                            "%s starts at byte %d, inside %s, which ends at byte %d"
                                    .formatted(name, tensor.start(), before, covered));
                }
                if (tensor.start() > covered) {
                    throw error(
                            "%s starts at byte %d but the data before it ends at byte %d"
                                    .formatted(name, tensor.start(), covered));
                }
                covered = tensor.end();
                before = name;
            }
            if (covered != dataBytes) {
                throw error(
                        "the tensors end at byte %d but the file has %d bytes of data".formatted(covered, dataBytes));
            }
        }

        private void require(boolean holds, String message) {
            if (!holds) {
                throw error(message);
            }
        }

        private ModelFileException error(String message) {
            return new ModelFileException(file + ": " + message);
        }
    }
}
