package lamella.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// An IDX file while it is read: counts bytes, so that messages can say where it breaks off.
final class IdxFile {
    static final int IMAGES = 0x803;
    static final int LABELS = 0x801;

    /// Bytes for which memory is taken before they are there.
    private static final int CHUNK = 1 << 20;

    /// The largest array that a Java heap is sure to offer.
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

    private final InputStream in;
    private final String name;
    private long read;
    private int header = 4;
    private boolean breaksOff;

    private IdxFile(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    static IdxFile open(InputStream in, String name) {
        try {
            byte[] start = in.readNBytes(2);
            var whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
            boolean gzip = start.length == 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
            return new IdxFile(gzip ? new GZIPInputStream(whole, 1 << 16) : whole, name);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    static UncheckedIOException bad(String message) {
        return bad(message, new IOException(message));
    }

    static UncheckedIOException bad(String message, IOException cause) {
        return new UncheckedIOException("idx: " + message, cause);
    }

    private static UncheckedIOException unreadable(String name, IOException e) {
        return bad(name + " cannot be read: " + e, e);
    }

    void requireMagic(int expected, String what) {
        long magic = number();
        if (magic == expected) {
            header = magic == IMAGES ? 16 : 8;
            return;
        }
        String found = magic == IMAGES ? "images" : magic == LABELS ? "labels" : "magic number " + magic;
        throw bad(
                String.format(Locale.ROOT, "%s holds %s, expected %s (magic number %d)", name, found, what, expected));
    }

    /// Returns the next number of the header, unsigned.
    long number() {
        byte[] bytes = take(4);
        if (bytes.length < 4) {
            throw ended(header);
        }
        long number = 0;
        for (byte b : bytes) {
            number = number << 8 | b & 0xff;
        }
        return number;
    }

    /// Returns the bytes that remain, which must be `count · height · width`.
    byte[] rest(long count, long height, long width) {
        boolean fits =
                Math.max(height, width) <= 1 << 15 && count <= MOST_BYTES && count * height * width <= MOST_BYTES;
        if (!fits) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "%s claims %d items of %d x %d bytes, more than %d bytes in all",
                            name,
                            count,
                            height,
                            width,
                            MOST_BYTES));
        }
        int expected = (int) (count * height * width);
        byte[] bytes = take(expected);
        if (bytes.length < expected) {
            throw ended((long) header + expected);
        }
        if (take(1).length > 0) {
            throw bad(String.format(Locale.ROOT, "%s goes on after %d bytes", name, (long) header + expected));
        }
        if (breaksOff) {
            throw bad(name + " ends within its gzip trailer");
        }
        return bytes;
    }

    private UncheckedIOException ended(long expected) {
        return bad(String.format(Locale.ROOT, "%s ends after %d of %d bytes", name, read, expected));
    }

    /// Returns the next bytes, fewer at the end; memory is taken as they arrive.
    private byte[] take(int count) {
        byte[] bytes = new byte[Math.min(count, CHUNK)];
        int taken = 0;
        try {
            while (taken < count) {
                if (taken == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * taken));
                }
                int more = in.read(bytes, taken, bytes.length - taken);
                if (more < 0) {
                    break;
                }
                taken += more;
                read += more;
            }
        } catch (EOFException _) {
            breaksOff = true;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        return taken == bytes.length ? bytes : Arrays.copyOf(bytes, taken);
    }
}
