package lamella.data;

/// A map of the plane about an image's centre: (y, x) to (a·y + b·x + down, c·y + d·x + right).
record Affine(double a, double b, double c, double d, double down, double right) {
    static Affine identity() {
        return new Affine(1, 0, 0, 1, 0, 0);
    }

    static Affine shift(double down, double right) {
        return new Affine(1, 0, 0, 1, down, right);
    }

    static Affine rotate(double radians) {
        double cos = Math.cos(radians);
        double sin = Math.sin(radians);
        return new Affine(cos, sin, -sin, cos, 0, 0);
    }

    static Affine scale(double vertical, double horizontal) {
        return new Affine(vertical, 0, 0, horizontal, 0, 0);
    }

    /// Returns this map followed by another.
    Affine then(Affine next) {
        return new Affine(
                next.a * a + next.b * c,
                next.a * b + next.b * d,
                next.c * a + next.d * c,
                next.c * b + next.d * d,
                next.a * down + next.b * right + next.down,
                next.c * down + next.d * right + next.right);
    }

    Affine inverse() {
        double determinant = a * d - b * c;
        double ia = d / determinant;
        double ib = -b / determinant;
        double ic = -c / determinant;
        double id = a / determinant;
        return new Affine(ia, ib, ic, id, -(ia * down + ib * right), -(ic * down + id * right));
    }

    /// Draws one channel of an image through the inverse of this map: out(p) = image(map⁻¹(p)),
    /// interpolated bilinearly between the four pixels around, with zeros outside.
    void resample(float[] image, int from, int height, int width, float[] out, int to) {
        Affine back = inverse();
        double middleRow = (height - 1) / 2.0;
        double middleColumn = (width - 1) / 2.0;
        for (int i = 0; i < height; i++) {
            double y = i - middleRow;
            for (int j = 0; j < width; j++) {
                double x = j - middleColumn;
                double row = back.a * y + back.b * x + back.down + middleRow;
                double column = back.c * y + back.d * x + back.right + middleColumn;
                out[to + i * width + j] = between(image, from, height, width, row, column);
            }
        }
    }

    private static float between(float[] image, int from, int height, int width, double row, double column) {
        int top = (int) Math.floor(row);
        int left = (int) Math.floor(column);
        double lower = row - top;
        double farther = column - left;
        double above =
                (1 - farther) * pixel(image, from, height, width, top, left)
                        + farther * pixel(image, from, height, width, top, left + 1);
        double below =
                (1 - farther) * pixel(image, from, height, width, top + 1, left)
                        + farther * pixel(image, from, height, width, top + 1, left + 1);
        return (float) ((1 - lower) * above + lower * below);
    }

    private static float pixel(float[] image, int from, int height, int width, int row, int column) {
        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
        return inside ? image[from + row * width + column] : 0;
    }
}
