package lamella.data;

import lamella.tensor.RandomSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A random distortion of images, drawn anew for each example: shifts, rotations, scalings and
/// flips about the image's centre.
///
/// All parts of a pipeline are affine, so they are drawn, multiplied into one map and applied at
/// once: pixels are interpolated (bilinearly) a single time. Where the map reaches beyond the image
/// it sees zeros.
///
/// {@snippet :
/// images.augment(Augmentation.shift(2).then(Augmentation.rotate(10)));
/// }
public final class Augmentation {
    private sealed interface Part {
        Affine draw(RandomSource random);
    }

    private record Shift(float pixels) implements Part {
        @Override
        public Affine draw(RandomSource random) {
            double down = between(random, -pixels, pixels);
            return Affine.shift(down, between(random, -pixels, pixels));
        }

        @Override
        public String toString() {
            return "shift(" + pixels + ")";
        }
    }

    private record Rotate(float degrees) implements Part {
        @Override
        public Affine draw(RandomSource random) {
            return Affine.rotate(Math.toRadians(between(random, -degrees, degrees)));
        }

        @Override
        public String toString() {
            return "rotate(" + degrees + ")";
        }
    }

    private record Scale(float least, float most) implements Part {
        @Override
        public Affine draw(RandomSource random) {
            double factor = between(random, least, most);
            return Affine.scale(factor, factor);
        }

        @Override
        public String toString() {
            return "scale(" + least + ", " + most + ")";
        }
    }

    private record Flip() implements Part {
        @Override
        public Affine draw(RandomSource random) {
            return Affine.scale(1, random.nextBoolean() ? -1 : 1);
        }

        @Override
        public String toString() {
            return "flip()";
        }
    }

    private final List<Part> parts;

    private Augmentation(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /// Leaves images as they are.
    public static Augmentation none() {
        return new Augmentation(List.of());
    }

    /// Shifts by up to this many pixels, fractions included, in each direction.
    ///
    /// @throws IllegalArgumentException if it is negative
    public static Augmentation shift(float pixels) {
        requireNotNegative("shift", pixels, "pixels");
        return new Augmentation(List.of(new Shift(pixels)));
    }

    /// Rotates by up to this angle, either way.
    ///
    /// @throws IllegalArgumentException if it is negative
    public static Augmentation rotate(float degrees) {
        requireNotNegative("rotate", degrees, "degrees");
        return new Augmentation(List.of(new Rotate(degrees)));
    }

    /// Scales by a factor in [least, most); a factor above 1 enlarges what the image shows.
    ///
    /// @throws IllegalArgumentException unless 0 < least <= most
    public static Augmentation scale(float least, float most) {
        if (!(least > 0 && least <= most)) {
            throw new IllegalArgumentException(
                    "scale: factors must satisfy 0 < least <= most, got " + least + " and " + most);
        }
        return new Augmentation(List.of(new Scale(least, most)));
    }

    /// Exchanges left and right in half of the images.
    public static Augmentation flip() {
        return new Augmentation(List.of(new Flip()));
    }

    /// Returns this distortion followed by another.
    public Augmentation then(Augmentation next) {
        var both = new ArrayList<>(parts);
        both.addAll(next.parts);
        return new Augmentation(both);
    }

    boolean isNone() {
        return parts.isEmpty();
    }

    Affine draw(RandomSource random) {
        Affine map = Affine.identity();
        for (Part part : parts) {
            map = map.then(part.draw(random));
        }
        return map;
    }

    private static double between(RandomSource random, float least, float most) {
        return least + (most - (double) least) * random.nextDouble();
    }

    private static void requireNotNegative(String name, float value, String unit) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(name + ": " + unit + " must be at least 0, got " + value);
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
