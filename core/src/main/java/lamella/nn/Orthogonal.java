package lamella.nn;

import lamella.array.Shape;
import lamella.tensor.RandomSource;

/// Random orthonormal vectors: normal draws, orthogonalised one after the other (Gram and Schmidt). The draw is
/// uniform over all such sets, since normal vectors prefer no direction.
final class Orthogonal {
    private Orthogonal() {}

    /// Returns a matrix in row-major order whose rows are orthonormal, or its columns where there are more rows.
    static float[] matrix(Shape shape, RandomSource random) {
        int rows = shape.rank() == 0 ? 1 : shape.dim(0);
        int columns = shape.sizeBetween(Math.min(1, shape.rank()), shape.rank());
        boolean tall = rows > columns;
        double[][] vectors = vectors(tall ? columns : rows, tall ? rows : columns, random);
        float[] matrix = new float[rows * columns];
        for (int i = 0; i < matrix.length; i++) {
            int row = i / columns;
            int column = i % columns;
            matrix[i] = (float) (tall ? vectors[column][row] : vectors[row][column]);
        }
        return matrix;
    }

    private static double[][] vectors(int count, int length, RandomSource random) {
        double[][] vectors = new double[count][length];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < length; k++) {
                vectors[i][k] = random.nextGaussian();
            }
            // Twice: where a draw lies almost in the span of those before, rounding leaves something of them the first
            // time.
            removeSpan(vectors, i);
            removeSpan(vectors, i);
        }
        return vectors;
    }

    /// Takes from vector `i` what lies along those before it, and makes its length 1.
    private static void removeSpan(double[][] vectors, int i) {
        double[] vector = vectors[i];
        for (int j = 0; j < i; j++) {
            addTo(vector, -dot(vectors[j], vector), vectors[j]);
        }
        double length = Math.sqrt(dot(vector, vector));
        for (int k = 0; k < vector.length; k++) {
            vector[k] /= length;
        }
    }

    private static void addTo(double[] vector, double factor, double[] other) {
        for (int k = 0; k < vector.length; k++) {
            vector[k] += factor * other[k];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
