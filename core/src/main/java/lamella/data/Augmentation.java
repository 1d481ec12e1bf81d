package lamella.data;

import lamella.array.Shape;
import lamella.tensor.RandomSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A random distortion of images, drawn anew for each example: shifts, rotations, scalings and flips about the image's
/// centre, then changes of its colours and its background.
///
/// The parts that move pixels are affine, so they are drawn, multiplied into one map and applied at once, before all
/// others: pixels are interpolated (bilinearly) a single time. Where the map reaches beyond the image it sees zeros.
/// The parts that change colours follow in their order; a colour stays in [0, 255] after each.
///
/// ## Alpha
/// Where one of the parts is a background, the last of the image's channels is its alpha (opacity), and the result has
/// one channel less. The parts before the background change what the image shows, and those behind it the background
/// as well. Without a background, alpha is a channel like any other.
///
/// {@snippet :
/// images.augment(Augmentation.shift(2).then(Augmentation.rotate(10)));
/// emoji.augment(Augmentation.flip().then(Augmentation.gain(0.8f, 1.2f)).then(Augmentation.randomBackground(0.5f)));
/// }
public final class Augmentation {
    /// What a pipeline is made of.
    sealed interface Part permits Movement, Retouch {}

    private final List<Part> parts;

    private Augmentation(Part... parts) {
        this.parts = List.of(parts);
    }

    /// Leaves images as they are.
    public static Augmentation none() {
        return new Augmentation();
    }

    /// Shifts by up to this many pixels, fractions included, in each direction.
    ///
    /// @throws IllegalArgumentException if it is negative
    public static Augmentation shift(float pixels) {
        requireNotNegative("shift", pixels, "pixels");
        return new Augmentation(new Movement.Shift(pixels));
    }

    /// Rotates by up to this angle, either way.
    ///
    /// @throws IllegalArgumentException if it is negative
    public static Augmentation rotate(float degrees) {
        requireNotNegative("rotate", degrees, "degrees");
        return new Augmentation(new Movement.Rotate(degrees));
    }

    /// Scales by a factor in [least, most); a factor above 1 enlarges what the image shows.
    ///
    /// @throws IllegalArgumentException unless 0 < least <= most
    public static Augmentation scale(float least, float most) {
        requireFactors("scale", least, most);
        return new Augmentation(new Movement.Scale(least, most));
    }

    /// Exchanges left and right in half of the images.
    public static Augmentation flip() {
        return new Augmentation(new Movement.Flip());
    }

    /// Makes all channels brighter or darker by up to this fraction of white.
    ///
    /// @throws IllegalArgumentException if it is outside [0, 1]
    public static Augmentation brightness(float most) {
        requireFraction("brightness", most, "fraction");
        return new Augmentation(new Retouch.Brightness(most));
    }

    /// Multiplies the distance of all colours from the image's mean by a factor in [least, most).
    ///
    /// @throws IllegalArgumentException unless 0 < least <= most
    public static Augmentation contrast(float least, float most) {
        requireFactors("contrast", least, most);
        return new Augmentation(new Retouch.Contrast(least, most));
    }

    /// Multiplies each channel by a factor of its own in [least, most): light of another colour.
    ///
    /// @throws IllegalArgumentException unless 0 < least <= most
    public static Augmentation gain(float least, float most) {
        requireFactors("gain", least, most);
        return new Augmentation(new Retouch.Gain(least, most));
    }

    /// Puts images with alpha on white.
    public static Augmentation whiteBackground() {
        return new Augmentation(new Retouch.Background(0));
    }

    /// Puts images with alpha on a random colour, uniform in each channel.
    ///
    /// @param share of the images, in [0, 1]; the others are put on white
    /// @throws IllegalArgumentException if it is outside [0, 1]
    public static Augmentation randomBackground(float share) {
        requireFraction("randomBackground", share, "share");
        return new Augmentation(new Retouch.Background(share));
    }

    /// Returns this distortion followed by another.
    public Augmentation then(Augmentation next) {
        var both = new ArrayList<>(parts);
        both.addAll(next.parts);
        return new Augmentation(both.toArray(Part[]::new));
    }

    /// Returns the shape of what it makes of an image: without alpha where there is a background.
    ///
    /// @param image `[C, H, W]`
    /// @throws IllegalArgumentException if there is a background, but neither 2 nor 4 channels
    public Shape output(Shape image) {
        if (!hasBackground()) {
            return image;
        }
        if (image.dim(0) != 2 && image.dim(0) != 4) {
            throw new IllegalArgumentException(
                    "background: an image must have 2 or 4 channels, the last of them alpha, got " + image);
        }
        return image.with(0, image.dim(0) - 1);
    }

    /// Returns one image distorted at random, each value in [0, 255].
    ///
    /// @param image the shape of the image, `[C, H, W]`
    /// @param pixels the image, each value unsigned
    /// @param random that of the example, such as [Dataset#random] returns; the result depends on nothing else
    /// @return in the shape of [#output]
    /// @throws IllegalArgumentException if the image is no such shape, or does not fit the background
    public float[] apply(Shape image, byte[] pixels, RandomSource random) {
        if (image.rank() != 3 || pixels.length != image.size()) {
            throw new IllegalArgumentException(
                    "augmentation: " + pixels.length + " pixels are no image [C, H, W] of " + image);
        }
        output(image);
        return apply(image, pixels, 0, random);
    }

    float[] apply(Shape image, byte[] pixels, int from, RandomSource random) {
        Picture picture = Picture.of(image, pixels, from, hasBackground());
        Affine map = Affine.identity();
        boolean moves = false;
        for (Part part : parts) {
            if (part instanceof Movement movement) {
                map = map.then(movement.draw(random));
                moves = true;
            }
        }
        if (moves) {
            picture = picture.moved(map);
        }
        for (Part part : parts) {
            if (part instanceof Retouch retouch) {
                retouch.apply(picture, random);
            }
        }
        return picture.colours();
    }

    boolean isNone() {
        return parts.isEmpty();
    }

    private boolean hasBackground() {
        return parts.stream().anyMatch(Retouch.Background.class::isInstance);
    }

    static double between(RandomSource random, float least, float most) {
        return least + (most - (double) least) * random.nextDouble();
    }

    private static void requireNotNegative(String name, float value, String unit) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(name + ": " + unit + " must be at least 0, got " + value);
        }
    }

    private static void requireFactors(String name, float least, float most) {
        if (!(least > 0 && least <= most)) {
            throw new IllegalArgumentException(
                    name + ": factors must satisfy 0 < least <= most, got " + least + " and " + most);
        }
    }

    private static void requireFraction(String name, float value, String what) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": " + what + " must be in [0, 1], got " + value);
        }
    }

    /// Returns the code that makes it: `shift(2.0).then(rotate(10.0))`.
    @Override
    public String toString() {
        if (parts.isEmpty()) {
            return "none()";
        }
        return parts.stream()
                .skip(1)
                .map(part -> ".then(" + part + ")")
                .collect(Collectors.joining("", parts.getFirst().toString(), ""));
    }
}
