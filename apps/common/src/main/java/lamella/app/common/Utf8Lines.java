package lamella.app.common;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ObjIntConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads lines of UTF-8, and says of bytes that are none in which line of which file they stand.
public final class Utf8Lines {
    private static final int BUFFER = 1 << 16;

    private final String name;
    private final InputStream in;
    private int number;

    private Utf8Lines(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /// Reads a file, packed with gzip if its name ends in `.gz`.
    ///
    /// @param each takes each line, without its end, and its number from 1; what it rejects is told with
    ///   file and line
    /// @throws UncheckedIOException if the file cannot be read or unpacked, or a line is no UTF-8 or rejected
    public static void read(Path file, ObjIntConsumer<String> each) {
        boolean packed = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        Utf8Lines lines = null;
        try (InputStream bytes = Files.newInputStream(file)) {
            InputStream in = packed ? new GZIPInputStream(bytes, BUFFER) : bytes;
            lines = new Utf8Lines(file.toString(), new BufferedInputStream(in, BUFFER));
            lines.forEach(each);
        } catch (ZipException e) {
            boolean none = lines == null;
            throw broken(none ? file + ": is no gzip file" : lines.after() + "damaged: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw broken(lines == null ? file + ": is no gzip file" : lines.after() + "the file is cut off", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the lines of a stream.
    ///
    /// @param name what it is called in messages: `standard input`
    /// @throws UncheckedIOException if it cannot be read or a line is no UTF-8
    public static List<String> of(String name, InputStream in) {
        var all = new ArrayList<String>();
        try {
            new Utf8Lines(name, new BufferedInputStream(in, BUFFER)).forEach((line, _) -> all.add(line));
        } catch (IOException e) {
            throw broken(name + ": " + e.getMessage(), e);
        }
        return all;
    }

    private void forEach(ObjIntConsumer<String> each) throws IOException {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0) {
            line.reset();
            while (next >= 0 && next != '\n') {
                line.write(next);
                next = in.read();
            }
            String text = decoded(line.toByteArray());
            number++;
            try {
                each.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, number);
            } catch (IllegalArgumentException e) {
                throw broken("%s: line %d: %s".formatted(name, number, e.getMessage()), e);
            }
            next = next < 0 ? next : in.read();
        }
    }

    private String decoded(byte[] line) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            throw broken("%s: line %d: is not UTF-8".formatted(name, number + 1), e);
        }
    }

    private String after() {
        return "%s: after line %d: ".formatted(name, number);
    }

    /// Returns a failure whose message is told to the user.
    public static UncheckedIOException broken(String message, Exception cause) {
        return new UncheckedIOException(message, new IOException(message, cause));
    }
}
