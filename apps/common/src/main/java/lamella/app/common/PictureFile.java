package lamella.app.common;

import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Function;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Decodes picture files of any size in little memory, upright: a JPEG file's Exif orientation is followed.
final class PictureFile {
    /// A picture with more pixels is refused: a small file can claim more than can be decoded in any time.
    private static final long MOST_PIXELS = 100_000_000;

    /// Of a picture with more pixels, only every second, third, ... row and column is kept.
    private static final int MOST_KEPT = 4_000_000;

    /// What the decoder of JPEG says, in a warning only, when bytes of the picture are missing.
    private static final String CUT_OFF = "Corrupt JPEG data: premature end";

    private PictureFile() {}

    /// Decodes a PNG, JPEG, GIF (its first frame) or BMP file and makes something of it.
    ///
    /// @throws UncheckedIOException if there is no such file, or it is no such picture
    static <T> T read(Path file, Function<BufferedImage, T> maker) {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException(file + ": is a folder, not a picture");
            }
            // opened first, for its messages; a stream of pictures would keep all that it has read
            try (InputStream bytes = Files.newInputStream(file);
                    ImageInputStream in =
                            Files.isRegularFile(file) ? new FileImageInputStream(file.toFile()) : cached(bytes)) {
                return read(file.toString(), in, maker);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(Failure.describe(e), e);
        }
    }

    /// Decodes such a picture from a stream, which stays open.
    ///
    /// @param name what the picture is called in messages
    /// @throws IOException if it is no such picture
    static <T> T read(String name, InputStream bytes, Function<BufferedImage, T> maker) throws IOException {
        try (ImageInputStream in = cached(bytes)) {
            return read(name, in, maker);
        }
    }

    private static ImageInputStream cached(InputStream bytes) {
        return new MemoryCacheImageInputStream(bytes);
    }

    private static <T> T read(String name, ImageInputStream in, Function<BufferedImage, T> maker) throws IOException {
        Orientation orientation = Orientation.read(in);
        Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
        if (!readers.hasNext()) {
            throw new IOException(name + ": is no picture that can be read (PNG, JPEG, GIF or BMP)");
        }
        ImageReader reader = readers.next();
        try {
            reader.setInput(in, true, true);
            return maker.apply(orientation.apply(decode(reader)));
        } catch (IOException | RuntimeException e) {
            // the decoders throw anything on broken files
            throw new IOException(name + ": is a broken picture: " + reason(e), e);
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage decode(ImageReader reader) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        long pixels = (long) width * height;
        if (pixels > MOST_PIXELS) {
            throw new IIOException("%d x %d pixels are more than %,d".formatted(width, height, MOST_PIXELS));
        }
        int every = (int) Math.ceil(Math.sqrt((double) pixels / MOST_KEPT));
        var parameters = reader.getDefaultReadParam();
        parameters.setSourceSubsampling(every, every, 0, 0);
        boolean[] cutOff = new boolean[1];
        reader.addIIOReadWarningListener((_, warning) -> cutOff[0] |= warning.startsWith(CUT_OFF));
        BufferedImage image = reader.read(0, parameters);
        if (cutOff[0]) {
            throw new EOFException();
        }
        return image;
    }

    private static String reason(Exception e) {
        if (e instanceof EOFException) {
            return "the file is cut off";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage().lines().findFirst().orElse("");
    }
}
