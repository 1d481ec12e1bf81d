package lamella.app.captioning.data;

import lamella.app.common.Photo;
import lamella.app.common.Utf8Lines;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One file with the pictures of Flickr8k: `FLK1`, their number (32 bits, the highest byte first), and for each picture
/// its part (one byte: 0 train, 1 dev, 2 test, 3 none), its name (one byte for the length, UTF-8) and a JPEG file (two
/// bytes for the length).
final class PicturePack implements PictureSource {
    private static final byte[] MAGIC = {'F', 'L', 'K', '1'};
    private static final int NO_PART = 3;

    private final byte[] bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /// Where a picture is.
    private record Entry(int part, int from, int length) {}

    private PicturePack(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Reads a pack.
    ///
    /// @throws UncheckedIOException if the file cannot be read or is no pack
    static PicturePack read(Path file) {
        try {
            var pack = new PicturePack(Files.readAllBytes(file));
            pack.index(file);
            return pack;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void index(Path file) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < MAGIC.length + Integer.BYTES || !in.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw Utf8Lines.broken(file + ": is no pack of pictures, which begins with FLK1", null);
        }
        int count = in.position(MAGIC.length).getInt();
        for (int i = 1; i <= count; i++) {
            try {
                entry(file, in, i);
            } catch (BufferUnderflowException e) {
                throw Utf8Lines.broken("%s: ends within picture %,d of %,d".formatted(file, i, count), e);
            }
        }
        if (in.hasRemaining()) {
            throw Utf8Lines.broken(
                    "%s: has %,d bytes after its %,d pictures".formatted(file, in.remaining(), count), null);
        }
    }

    private void entry(Path file, ByteBuffer in, int number) {
        int part = Byte.toUnsignedInt(in.get());
        byte[] name = new byte[Byte.toUnsignedInt(in.get())];
        in.get(name);
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        if (part > NO_PART) {
            throw Utf8Lines.broken(
                    "%s: picture %,d: its part must be 0 to 3, got %d".formatted(file, number, part), null);
        }
        String text = new String(name, StandardCharsets.UTF_8);
        if (entries.put(text, new Entry(part, in.position(), length)) != null) {
            throw Utf8Lines.broken("%s: holds two pictures named %s".formatted(file, text), null);
        }
        in.position(in.position() + length);
    }

    /// Returns the names of the pictures of one part, in order.
    List<String> part(int part) {
        return entries.entrySet().stream().filter(e -> e.getValue().part == part).map(Map.Entry::getKey).toList();
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public Photo read(String name) {
        Entry entry = entries.get(name);
        return Photo.read(name, new ByteArrayInputStream(bytes, entry.from, entry.length));
    }
}
