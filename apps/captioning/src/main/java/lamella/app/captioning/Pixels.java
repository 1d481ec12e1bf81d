package lamella.app.captioning;

import lamella.array.Shape;
import lamella.data.Augmentation;
import lamella.tensor.RandomSource;

/// How the bytes of a picture become the numbers that a net sees: three channels, about 0, what is transparent on
/// white.
///
/// @param picture the shape of the bytes: `[3, H, W]`, or `[4, H, W]` where the last says how opaque a pixel is
/// @param augmentation what changes a picture before, at random; it makes three channels
record Pixels(Shape picture, Augmentation augmentation) {
    private static final float MEAN = 0.5f;
    private static final float DEVIATION = 0.25f;

    /// Takes pictures as they are.
    static Pixels plain(Shape picture) {
        return new Pixels(picture, onWhite(picture, Augmentation.none()));
    }

    /// Takes photos distorted: flipped, moved and scaled a little, in other light.
    static Pixels photos(Shape picture) {
        return new Pixels(
                picture,
                onWhite(
                        picture,
                        Augmentation.flip()
                                .then(Augmentation.shift(4))
                                .then(Augmentation.scale(0.9f, 1.15f))
                                .then(Augmentation.contrast(0.85f, 1.15f))
                                .then(Augmentation.gain(0.9f, 1.1f))));
    }

    /// Takes drawings distorted: moved and scaled a little, in slightly other colours, which mean something, some of
    /// them on another background. They are not flipped: an arrow is a left or a right arrow.
    static Pixels drawings(Shape picture) {
        Augmentation augmentation =
                Augmentation.shift(2)
                        .then(Augmentation.scale(0.9f, 1.1f))
                        .then(Augmentation.contrast(0.94f, 1.06f))
                        .then(Augmentation.gain(0.94f, 1.06f));
        boolean covers = picture.dim(0) == 4;
        return new Pixels(picture, covers ? augmentation.then(Augmentation.randomBackground(0.3f)) : augmentation);
    }

    private static Augmentation onWhite(Shape picture, Augmentation augmentation) {
        return picture.dim(0) == 4 ? augmentation.then(Augmentation.whiteBackground()) : augmentation;
    }

    /// Returns the shape of what a net sees.
    Shape input() {
        return picture.with(0, 3);
    }

    /// Puts a picture.
    ///
    /// @param random what the augmentation draws from
    /// @param out where to, from `at` on
    void put(byte[] pixels, RandomSource random, float[] out, int at) {
        float[] seen = augmentation.apply(picture, pixels, random);
        for (int i = 0; i < seen.length; i++) {
            out[at + i] = (seen[i] / 255 - MEAN) / DEVIATION;
        }
    }
}
