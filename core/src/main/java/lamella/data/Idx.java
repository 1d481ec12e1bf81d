package lamella.data;

import lamella.array.Shape;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/// Reads the IDX files in which MNIST and its relatives come, plain or compressed by gzip.
///
/// A file is a magic number (2051 for images, 2049 for labels), the number of items, for images
/// also rows and columns, each as 32 bits big-endian, and then a byte for each pixel or label.
///
/// ## Errors
///
/// [UncheckedIOException] with the file's name and what is wrong: not readable, another magic
/// number, truncated, bytes after the end. No size in a header is trusted before its bytes are
/// there.
///
/// ## Source
///
/// LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998.
public final class Idx {
    /// Images of one size, grey.
    ///
    /// @param count how many
    /// @param height rows of an image
    /// @param width columns of an image
    /// @param pixels one image after the other, row by row, unsigned
    public record Images(int count, int height, int width, byte[] pixels) {}

    private Idx() {}

    /// Reads labelled images, as `[1, H, W]`.
    ///
    /// @throws UncheckedIOException if a file cannot be read, is no such file, the counts differ,
    ///   or a label is outside [0, classes)
    public static ImageDataset read(Path images, Path labels, int classes) {
        Images read = images(images);
        int[] classOf = labels(labels);
        if (read.count() != classOf.length) {
            throw IdxFile.bad(
                    String.format(
                            Locale.ROOT,
                            "%s has %d images but %s has %d labels",
                            images.getFileName(),
                            read.count(),
                            labels.getFileName(),
                            classOf.length));
        }
        for (int i = 0; i < classOf.length; i++) {
            if (classOf[i] >= classes) {
                throw IdxFile.bad(
                        String.format(
                                Locale.ROOT,
                                "%s: label %d at index %d is outside [0, %d)",
                                labels.getFileName(),
                                classOf[i],
                                i,
                                classes));
            }
        }
        Shape shape = Shape.of(1, read.height(), read.width());
        return ImageDataset.of(shape, read.pixels(), classOf, classes);
    }

    /// Reads images.
    ///
    /// @throws UncheckedIOException if the file cannot be read or is no such file
    public static Images images(Path file) {
        try (InputStream in = open(file)) {
            return images(in, name(file));
        } catch (NoSuchFileException e) {
            throw IdxFile.bad(file + " was not found", e);
        } catch (IOException e) {
            throw IdxFile.bad(file + " cannot be read: " + e, e);
        }
    }

    /// Reads images from a stream, which is not closed.
    ///
    /// @param name the file's name, for messages
    /// @throws UncheckedIOException if the stream cannot be read or holds no such file
    public static Images images(InputStream in, String name) {
        var file = IdxFile.open(in, name);
        file.requireMagic(IdxFile.IMAGES, "images");
        long count = file.number();
        long height = file.number();
        long width = file.number();
        byte[] pixels = file.rest(count, height, width);
        return new Images((int) count, (int) height, (int) width, pixels);
    }

    /// Reads labels.
    ///
    /// @throws UncheckedIOException if the file cannot be read or is no such file
    public static int[] labels(Path file) {
        try (InputStream in = open(file)) {
            return labels(in, name(file));
        } catch (NoSuchFileException e) {
            throw IdxFile.bad(file + " was not found", e);
        } catch (IOException e) {
            throw IdxFile.bad(file + " cannot be read: " + e, e);
        }
    }

    /// Reads labels from a stream, which is not closed.
    ///
    /// @param name the file's name, for messages
    /// @throws UncheckedIOException if the stream cannot be read or holds no such file
    public static int[] labels(InputStream in, String name) {
        var file = IdxFile.open(in, name);
        file.requireMagic(IdxFile.LABELS, "labels");
        byte[] bytes = file.rest(file.number(), 1, 1);
        int[] labels = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            labels[i] = bytes[i] & 0xff;
        }
        return labels;
    }

    private static InputStream open(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
