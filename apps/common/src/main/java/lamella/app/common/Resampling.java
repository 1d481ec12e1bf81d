package lamella.app.common;

/// Scales planes of values.
public final class Resampling {
    private Resampling() {}

    /// Returns a plane in another size. Along each axis a value is a weighted mean under a triangle as wide as the
    /// larger of the old and the new step: the mean of many values where it shrinks, linear interpolation where it
    /// grows. No value lies outside the range of the old ones.
    ///
    /// @param values row after row; not changed, but returned where the size is the same
    /// @throws IllegalArgumentException if a size is below 1 or the values are not `width · height`
    public static float[] scale(float[] values, int width, int height, int newWidth, int newHeight) {
        if (width < 1 || height < 1 || newWidth < 1 || newHeight < 1 || values.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "scale: %d values, %d x %d to %d x %d"
                            .formatted(values.length, width, height, newWidth, newHeight));
        }
        float[] wide = width == newWidth ? values : rows(values, width, height, newWidth);
        return height == newHeight ? wide : columns(wide, newWidth, height, newHeight);
    }

    /// What a new value is made of: old ones from an index on, with weights whose sum is 1.
    private record Window(int from, float[] weights) {
        static Window[] all(int size, int newSize) {
            var windows = new Window[newSize];
            float step = (float) size / newSize;
            float reach = Math.max(1, step);
            for (int i = 0; i < newSize; i++) {
                windows[i] = around((i + 0.5f) * step, reach, size);
            }
            return windows;
        }

        private static Window around(float middle, float reach, int size) {
            int from = Math.max(0, (int) Math.floor(middle - reach));
            int to = Math.min(size, (int) Math.ceil(middle + reach));
            float[] weights = new float[to - from];
            float sum = 0;
            for (int i = from; i < to; i++) {
                weights[i - from] = Math.max(0, 1 - Math.abs(i + 0.5f - middle) / reach);
                sum += weights[i - from];
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= sum;
            }
            return new Window(from, weights);
        }
    }

    private static float[] rows(float[] values, int width, int height, int newWidth) {
        Window[] windows = Window.all(width, newWidth);
        float[] result = new float[newWidth * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < newWidth; x++) {
                Window window = windows[x];
                int from = y * width + window.from;
                float sum = 0;
                for (int i = 0; i < window.weights.length; i++) {
                    sum += window.weights[i] * values[from + i];
                }
                result[y * newWidth + x] = sum;
            }
        }
        return result;
    }

    private static float[] columns(float[] values, int width, int height, int newHeight) {
        Window[] windows = Window.all(height, newHeight);
        float[] result = new float[width * newHeight];
        for (int y = 0; y < newHeight; y++) {
            Window window = windows[y];
            for (int i = 0; i < window.weights.length; i++) {
                float weight = window.weights[i];
                int from = (window.from + i) * width;
                for (int x = 0; x < width; x++) {
                    result[y * width + x] += weight * values[from + x];
                }
            }
        }
        return result;
    }
}
