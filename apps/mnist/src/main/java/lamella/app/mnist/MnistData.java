package lamella.app.mnist;

import lamella.array.Shape;
import lamella.data.Idx;
import lamella.data.ImageDataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The data set: inside the program, or in a folder that the user names.
///
/// Sources of both are the four IDX files under the names that they were published with.
record MnistData(Optional<Path> folder) {
    static final Shape IMAGE = Shape.of(1, Digit.SIDE, Digit.SIDE);
    static final List<String> LABELS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    /// Mean and standard deviation of the pixels of MNIST's training images, of 1.
    private static final float MEAN = 0.1307f;

    private static final float DEVIATION = 0.3081f;

    /// Returns images that are scaled as every net of this program expects them.
    static ImageDataset scaled(ImageDataset images) {
        return images.normalize(MEAN, DEVIATION);
    }

    /// Returns the training images.
    ///
    /// @throws UncheckedIOException if a file is missing or broken
    ImageDataset train() {
        return read("train");
    }

    /// Returns the test images.
    ///
    /// @throws UncheckedIOException if a file is missing or broken
    ImageDataset test() {
        return read("t10k");
    }

    /// Returns where the data are from: `MNIST`, or the folder.
    @Override
    public String toString() {
        return folder.map(Path::toString).orElse("MNIST");
    }

    private ImageDataset read(String part) {
        String images = part + "-images-idx3-ubyte";
        String labels = part + "-labels-idx1-ubyte";
        ImageDataset all =
                folder.map(in -> Idx.read(file(in, images), file(in, labels), LABELS.size()))
                        .orElseGet(() -> shipped(images, labels));
        if (all.size() == 0) {
            throw broken(images + " holds no images");
        }
        if (!all.image().equals(IMAGE)) {
            throw broken(
                    "%s holds images of %d x %d pixels, expected %d x %d"
                            .formatted(images, all.image().dim(1), all.image().dim(2), Digit.SIDE, Digit.SIDE));
        }
        return scaled(all);
    }

    private static Path file(Path folder, String name) {
        if (!Files.isDirectory(folder)) {
            throw broken(folder + ": no such folder");
        }
        Path plain = folder.resolve(name);
        Path packed = folder.resolve(name + ".gz");
        if (Files.exists(plain)) {
            return plain;
        }
        if (Files.exists(packed)) {
            return packed;
        }
        throw broken(folder + ": has neither " + name + " nor " + name + ".gz");
    }

    private static ImageDataset shipped(String images, String labels) {
        try (InputStream in = resource(images);
                InputStream labelsIn = resource(labels)) {
            Idx.Images read = Idx.images(in, images);
            int[] classOf = Idx.labels(labelsIn, labels);
            return ImageDataset.of(IMAGE, read.pixels(), classOf, LABELS.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = MnistData.class.getResourceAsStream(name + ".gz");
        if (in == null) {
            throw new IOException("mnist: " + name + ".gz is missing in the program");
        }
        return in;
    }

    private static UncheckedIOException broken(String message) {
        return new UncheckedIOException("mnist: " + message, new IOException(message));
    }
}
