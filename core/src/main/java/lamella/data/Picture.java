package lamella.data;

import lamella.array.Shape;

/// An image on its way through an augmentation: colours in [0, 255] and, until it has a background, how much of each
/// pixel they cover. The colours are multiplied by that cover: so they mix rightly where pixels are interpolated, and
/// what is not covered weighs nothing.
final class Picture {
    static final float WHITE = 255;

    private final int channels;
    private final int height;
    private final int width;
    private final float[] colours;
    private float[] cover;

    private Picture(int channels, int height, int width, float[] colours, float[] cover) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.colours = colours;
        this.cover = cover;
    }

    /// Returns an image whose last channel is its cover, or an opaque one.
    ///
    /// @param pixels the channels `[C, H, W]`, unsigned, beginning at `from`
    static Picture of(Shape image, byte[] pixels, int from, boolean alpha) {
        int plane = image.dim(1) * image.dim(2);
        int channels = image.dim(0) - (alpha ? 1 : 0);
        float[] cover = new float[alpha ? plane : 0];
        for (int i = 0; i < cover.length; i++) {
            cover[i] = (pixels[from + channels * plane + i] & 0xff) / WHITE;
        }
        float[] colours = new float[channels * plane];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = (pixels[from + i] & 0xff) * (alpha ? cover[i % plane] : 1);
        }
        return new Picture(channels, image.dim(1), image.dim(2), colours, cover);
    }

    /// Returns this image drawn through a map of the plane.
    Picture moved(Affine map) {
        float[] drawn = new float[colours.length];
        float[] covered = new float[cover.length];
        for (int plane = 0; plane < colours.length; plane += height * width) {
            map.resample(colours, plane, height, width, drawn, plane);
        }
        if (cover.length > 0) {
            map.resample(cover, 0, height, width, covered, 0);
        }
        return new Picture(channels, height, width, drawn, covered);
    }

    /// Replaces each colour c of one channel by `factor · c + level`, or the nearest that there is.
    void change(int channel, double factor, double level) {
        int plane = height * width;
        for (int i = 0; i < plane; i++) {
            float covered = covered(i);
            double changed = factor * colours[channel * plane + i] + level * covered;
            colours[channel * plane + i] = (float) Math.clamp(changed, 0, WHITE * covered);
        }
    }

    /// Fills one channel of what is not covered; [#opaque()] follows when all are filled.
    void fill(int channel, double level) {
        int plane = height * width;
        for (int i = 0; i < plane; i++) {
            colours[channel * plane + i] += (float) ((1 - covered(i)) * level);
        }
    }

    /// Says that all of it is covered now.
    void opaque() {
        cover = new float[0];
    }

    /// Returns the mean over all channels of what is covered, 0 where nothing is.
    double mean() {
        int plane = height * width;
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < colours.length; i++) {
            sum += colours[i];
            weight += covered(i % plane);
        }
        return weight > 0 ? sum / weight : 0;
    }

    private float covered(int pixel) {
        return cover.length == 0 ? 1 : cover[pixel];
    }

    int channels() {
        return channels;
    }

    /// Returns the colours `[C, H, W]`.
    float[] colours() {
        return colours;
    }
}
