package lamella.io;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.tensor.Tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/// A file of named tensors in the safetensors format, which many tools read.
///
/// Its bytes are: the length of the header (8 bytes, little-endian), the header (JSON in UTF-8,
/// ended with spaces), the elements of all tensors (little-endian). The header names type, shape
/// and place of each tensor: `{"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}`,
/// and texts under `__metadata__`.
///
/// Opening a file reads and checks the header; elements are read when they are asked for. F32 and
/// I32 are the known types.
///
/// ## Errors
/// [ModelFileException] if the file breaks the format: the header is no JSON or longer than the
/// file or 100 MB, a name comes twice, a type is unknown, sizes and places do not agree, tensors
/// overlap, leave gaps or do not end where the file ends. [UncheckedIOException] if it cannot be
/// read.
///
/// ## Source
/// "Safetensors format", the description published with the reference implementation.
public final class SafeTensors {
    static final int LENGTH_BYTES = 8;
    private static final int LONGEST_HEADER = 100_000_000;

    private final Path file;
    private final byte[] rawHeader;
    private final Header header;

    /// Where a tensor lies in the file.
    ///
    /// @param name its name
    /// @param type the type of its elements
    /// @param shape its extents
    /// @param start the place of its first byte, counted from the end of the header
    public record Entry(String name, DType type, Shape shape, long start) {
        /// Returns the place after its last byte.
        public long end() {
            return start + (long) shape.size() * type.bytes();
        }
    }

    private SafeTensors(Path file, byte[] rawHeader, Header header) {
        this.file = file;
        this.rawHeader = rawHeader;
        this.header = header;
    }

    /// Reads and checks a file's header.
    public static SafeTensors open(Path file) {
        String where = "checkpoint: " + file;
        try (DataReader in = DataReader.open(file)) {
            byte[] raw = rawHeader(where, in);
            long dataBytes = in.size() - LENGTH_BYTES - raw.length;
            return new SafeTensors(file, raw, Header.parse(where, raw, dataBytes));
        } catch (IOException e) {
            throw new UncheckedIOException(where + ": " + Shown.reason(e), e);
        }
    }

    private static byte[] rawHeader(String where, DataReader in) throws IOException {
        if (in.size() < LENGTH_BYTES) {
            throw new ModelFileException(
                    where + ": has " + in.size() + " bytes, not even the 8 of the header's length");
        }
        long length = in.length();
        if (length < 0 || length > LONGEST_HEADER) {
            throw new ModelFileException(
                    "%s: header of %s bytes is longer than %d"
                            .formatted(where, Long.toUnsignedString(length), LONGEST_HEADER));
        }
        if (length > in.size() - LENGTH_BYTES) {
            throw new ModelFileException(
                    "%s: header ends at byte %d but the file has %d"
                            .formatted(where, LENGTH_BYTES + length, in.size()));
        }
        return in.bytes(LENGTH_BYTES, (int) length);
    }

    /// Returns where it was read from.
    public Path file() {
        return file;
    }

    /// Returns the texts under `__metadata__`.
    public Map<String, String> metadata() {
        return Map.copyOf(header.metadata());
    }

    /// Returns what is in the file, in the order of the data.
    public List<Entry> tensors() {
        return header.tensors();
    }

    /// Returns where a tensor lies, if there is one of this name.
    public Optional<Entry> tensor(String name) {
        return header.tensors().stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /// Returns the elements of a float32 tensor, in row-major order.
    ///
    /// @throws NoSuchElementException if there is none of this name
    /// @throws IllegalArgumentException if it has another type
    public float[] floats(String name) {
        Entry entry = entry(name, DType.FLOAT32);
        try (DataReader in = reopen()) {
            return in.floats(dataStart() + entry.start(), entry.shape().size());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// Returns the elements of an int32 tensor, in row-major order.
    ///
    /// @throws NoSuchElementException if there is none of this name
    /// @throws IllegalArgumentException if it has another type
    public int[] ints(String name) {
        Entry entry = entry(name, DType.INT32);
        try (DataReader in = reopen()) {
            return in.ints(dataStart() + entry.start(), entry.shape().size());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Entry entry(String name, DType type) {
        Entry entry =
                tensor(name)
                        .orElseThrow(() -> new NoSuchElementException("checkpoint: " + file + ": no tensor " + name));
        if (entry.type() != type) {
            throw new IllegalArgumentException(
                    "checkpoint: %s: tensor %s is %s, not %s"
                            .formatted(file, name, Header.name(entry.type()), Header.name(type)));
        }
        return entry;
    }

    /// Opens the file again, for elements. A file that was replaced in the meantime is noticed by
    /// its header, unless the new one describes the same.
    DataReader reopen() throws IOException {
        DataReader in = DataReader.open(file);
        long size = dataStart() + (tensors().isEmpty() ? 0 : tensors().getLast().end());
        if (in.size() != size
                || in.length() != rawHeader.length
                || !Arrays.equals(rawHeader, in.bytes(LENGTH_BYTES, rawHeader.length))) {
            in.close();
            throw new ModelFileException("checkpoint: " + file + ": the file has changed since it was opened");
        }
        return in;
    }

    long dataStart() {
        return LENGTH_BYTES + (long) rawHeader.length;
    }

    UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("checkpoint: " + file + ": " + Shown.reason(e), e);
    }

    /// Writes a file, as a whole or not at all. Tensors are sorted by name, so that equal tensors
    /// and texts give equal bytes.
    ///
    /// @throws IllegalArgumentException if a name or text cannot be written
    /// @throws UncheckedIOException if writing fails; an older file of this name is then unchanged
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        if (tensors.containsKey(Header.METADATA)) {
            throw new IllegalArgumentException("model file: " + file + ": no tensor can be named " + Header.METADATA);
        }
        var sorted = new TreeMap<>(tensors);
        var entries = new ArrayList<Entry>();
        long start = 0;
        for (Map.Entry<String, Tensor> tensor : sorted.entrySet()) {
            Tensor value = tensor.getValue();
            var entry = new Entry(tensor.getKey(), value.type(), value.shape(), start);
            entries.add(entry);
            start = entry.end();
        }
        byte[] header = padded("model file: " + file, new Header(metadata, entries).json());
        Header.parse("model file: " + file, header, start);
        AtomicFile.write(
                "model file",
                file,
                channel -> {
                    var out = new DataWriter(channel);
                    out.length(header.length);
                    out.bytes(header);
                    for (Tensor tensor : sorted.values()) {
                        switch (tensor.type()) {
                            case FLOAT32 -> out.floats(tensor.toFloats());
                            case INT32 -> out.ints(tensor.toInts());
                        }
                    }
                });
    }

    /// Returns the header in UTF-8, ended with spaces so that the elements are aligned to 8 bytes.
    private static byte[] padded(String where, String json) {
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    where + ": a name or text has half a surrogate pair, which UTF-8 cannot hold", e);
        }
        int length = utf8.remaining();
        if (length > LONGEST_HEADER - LENGTH_BYTES) {
            throw new IllegalArgumentException(
                    "%s: header of %d bytes is longer than %d".formatted(where, length, LONGEST_HEADER - LENGTH_BYTES));
        }
        byte[] header = new byte[(length + LENGTH_BYTES - 1) / LENGTH_BYTES * LENGTH_BYTES];
        utf8.get(header, 0, length);
        Arrays.fill(header, length, header.length, (byte) ' ');
        return header;
    }
}
