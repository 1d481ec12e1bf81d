package lamella.data;

import lamella.array.Shape;
import lamella.tensor.RandomSource;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/// Labelled images in memory, a byte for each pixel of each channel.
///
/// A batch has inputs `[N, C, H, W]`, each as [#input()] says: `(pixel / 255 − mean) / deviation` for each channel
/// (mean 0 and deviation 1 unless changed), and int32 labels `[N]`. Augmentation comes before this scaling.
public final class ImageDataset implements Dataset {
    private final Shape image;
    private final byte[] pixels;
    private final int[] labels;
    private final int classes;
    private final int[] chosen;
    private final float[] means;
    private final float[] deviations;
    private final Augmentation augmentation;

    private ImageDataset(
            ImageDataset images, int[] chosen, float[] means, float[] deviations, Augmentation augmentation) {
        this.image = images.image;
        this.pixels = images.pixels;
        this.labels = images.labels;
        this.classes = images.classes;
        this.chosen = chosen;
        this.means = means;
        this.deviations = deviations;
        this.augmentation = augmentation;
    }

    private ImageDataset(Shape image, byte[] pixels, int[] labels, int classes) {
        this.image = image;
        this.pixels = pixels;
        this.labels = labels;
        this.classes = classes;
        chosen = IntStream.range(0, labels.length).toArray();
        means = new float[image.dim(0)];
        deviations = new float[image.dim(0)];
        Arrays.fill(deviations, 1);
        augmentation = Augmentation.none();
    }

    /// Returns images with labels; the arrays are not copied.
    ///
    /// @param image the shape of one image, `[C, H, W]`
    /// @param pixels the images one after the other, each value unsigned
    /// @param labels a class for each image, in [0, classes)
    /// @throws IllegalArgumentException if the image has other axes, pixels and labels do not go
    ///   together, or a label is no class
    public static ImageDataset of(Shape image, byte[] pixels, int[] labels, int classes) {
        if (image.rank() != 3) {
            throw new IllegalArgumentException("images: an image must be [C, H, W], got " + image);
        }
        if (pixels.length != (long) labels.length * image.size()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "images: %d labels need %d pixels for images %s, got %d",
                            labels.length,
                            (long) labels.length * image.size(),
                            image,
                            pixels.length));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT, "images: label %d at index %d is outside [0, %d)", labels[i], i, classes));
            }
        }
        return new ImageDataset(image, pixels, labels, classes);
    }

    /// Returns these images with every channel scaled to `(pixel / 255 − mean) / deviation`.
    ///
    /// @throws IllegalArgumentException if the deviation is not above 0
    public ImageDataset normalize(float mean, float deviation) {
        float[] same = new float[means.length];
        float[] sameDeviation = new float[means.length];
        Arrays.fill(same, mean);
        Arrays.fill(sameDeviation, deviation);
        return normalize(same, sameDeviation);
    }

    /// Returns these images with each channel scaled to `(pixel / 255 − mean) / deviation`.
    ///
    /// @throws IllegalArgumentException if there is not one mean and one deviation above 0 for each
    ///   channel
    public ImageDataset normalize(float[] means, float[] deviations) {
        int channels = this.means.length;
        if (means.length != channels || deviations.length != channels) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "normalize: %d means and %d deviations for %d channels",
                            means.length,
                            deviations.length,
                            channels));
        }
        for (float deviation : deviations) {
            if (!(deviation > 0)) {
                throw new IllegalArgumentException("normalize: deviation must be above 0, got " + deviation);
            }
        }
        return new ImageDataset(this, chosen, means.clone(), deviations.clone(), augmentation);
    }

    /// Returns these images, each distorted at random whenever it enters a batch. Where a background takes the place
    /// of alpha, its mean and deviation are dropped too.
    ///
    /// @throws IllegalArgumentException if there is a background, but no alpha
    public ImageDataset augment(Augmentation augmentation) {
        int channels = augmentation.output(image).dim(0);
        float[] keptMeans = Arrays.copyOf(means, channels);
        float[] keptDeviations = Arrays.copyOf(deviations, channels);
        if (channels > deviations.length) {
            keptDeviations[channels - 1] = 1;
        }
        return new ImageDataset(this, chosen, keptMeans, keptDeviations, augmentation);
    }

    @Override
    public ImageDataset select(int... indices) {
        Selection.requireInside(size(), indices);
        int[] looked = Selection.look(chosen, indices);
        return new ImageDataset(this, looked, means, deviations, augmentation);
    }

    @Override
    public ImageDataset subset(int from, int to) {
        return select(Selection.range(size(), from, to));
    }

    @Override
    public int size() {
        return chosen.length;
    }

    /// Returns the shape of one image as it is stored, `[C, H, W]`.
    public Shape image() {
        return image;
    }

    /// Returns the shape of one example in a batch: `[C, H, W]`, without alpha where augmentation puts images on a
    /// background.
    public Shape input() {
        return augmentation.output(image);
    }

    /// Returns the number of classes.
    public int classes() {
        return classes;
    }

    /// Returns the label of one image.
    public int label(int index) {
        return labels[chosen[index]];
    }

    /// Returns the pixels of one image as they are stored, `[C, H, W]`, unsigned.
    public byte[] pixels(int index) {
        int from = chosen[index] * image.size();
        return Arrays.copyOfRange(pixels, from, from + image.size());
    }

    @Override
    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
        Shape example = input();
        Shape inputs = example.prepend(indices.length);
        float[] scaled = buffers.floats(inputs.size());
        int[] targets = buffers.ints(indices.length);
        for (int i = 0; i < indices.length; i++) {
            int index = chosen[indices[i]];
            targets[i] = labels[index];
            put(index * image.size(), Dataset.random(random, i), scaled, i * example.size());
        }
        return new Batch(
                new Values.Floats(inputs, scaled), new Values.Ints(Shape.of(indices.length), targets), indices.length);
    }

    private void put(int from, RandomSource random, float[] out, int to) {
        if (augmentation.isNone()) {
            for (int i = 0; i < image.size(); i++) {
                out[to + i] = pixels[from + i] & 0xff;
            }
        } else {
            float[] distorted = augmentation.apply(image, pixels, from, random);
            System.arraycopy(distorted, 0, out, to, distorted.length);
        }
        int plane = image.dim(1) * image.dim(2);
        for (int channel = 0; channel < means.length; channel++) {
            int start = to + channel * plane;
            for (int i = start; i < start + plane; i++) {
                out[i] = (out[i] / 255 - means[channel]) / deviations[channel];
            }
        }
    }
}
