package lamella.tck;

import lamella.backend.SoftmaxKernels;
import lamella.backend.View;

/// Softmax and cross-entropy, row by row.
final class ReferenceSoftmax implements SoftmaxKernels {
    private static double at(View view, int row, int column) {
        return ReferenceStorage.doubles(view)[view.offset() + row * view.dim(1) + column];
    }

    private static double largest(View x, int row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < x.dim(1); c++) {
            largest = Math.max(largest, at(x, row, c));
        }
        return largest;
    }

    /// Returns ln Σ exp(x − largest) of a row. The largest element is not added to it: beside the
    /// largest finite float, ln 2 would vanish.
    private static double logSum(View x, int row, double largest) {
        double sum = 0;
        for (int c = 0; c < x.dim(1); c++) {
            sum += Math.exp(at(x, row, c) - largest);
        }
        return Math.log(sum);
    }

    @Override
    public void softmax(View x, View out) {
        logSoftmax(x, out);
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = Math.exp(to[out.offset() + i]);
        }
    }

    @Override
    public void softmaxGradient(View y, View outputGradient, View out) {
        double[] to = ReferenceStorage.doubles(out);
        for (int row = 0; row < y.dim(0); row++) {
            double sum = 0;
            for (int c = 0; c < y.dim(1); c++) {
                sum += at(outputGradient, row, c) * at(y, row, c);
            }
            for (int c = 0; c < y.dim(1); c++) {
                to[out.offset() + row * y.dim(1) + c] = at(y, row, c) * (at(outputGradient, row, c) - sum);
            }
        }
    }

    @Override
    public void logSoftmax(View x, View out) {
        double[] to = ReferenceStorage.doubles(out);
        for (int row = 0; row < x.dim(0); row++) {
            double largest = largest(x, row);
            double logSum = logSum(x, row, largest);
            for (int c = 0; c < x.dim(1); c++) {
                to[out.offset() + row * x.dim(1) + c] = at(x, row, c) - largest - logSum;
            }
        }
    }

    @Override
    public void logSoftmaxGradient(View y, View outputGradient, View out) {
        double[] to = ReferenceStorage.doubles(out);
        for (int row = 0; row < y.dim(0); row++) {
            double sum = 0;
            for (int c = 0; c < y.dim(1); c++) {
                sum += at(outputGradient, row, c);
            }
            for (int c = 0; c < y.dim(1); c++) {
                to[out.offset() + row * y.dim(1) + c] = at(outputGradient, row, c) - Math.exp(at(y, row, c)) * sum;
            }
        }
    }

    /// Returns the label of a row, −1 where it is ignored.
    private static int label(View labels, int row, int classes) {
        int label = ReferenceStorage.ints(labels)[labels.offset() + row];
        if (label < -1 || label >= classes) {
            throw new IndexOutOfBoundsException(
                    "crossEntropy: label %d at index %d is outside [0, %d)".formatted(label, row, classes));
        }
        return label;
    }

    private static double target(int label, int c, int classes, double smoothing) {
        return (c == label ? 1 - smoothing : 0) + smoothing / classes;
    }

    @Override
    public void crossEntropy(View logits, View labels, float smoothing, View out) {
        double[] to = ReferenceStorage.doubles(out);
        int classes = logits.dim(1);
        for (int row = 0; row < logits.dim(0); row++) {
            int label = label(labels, row, classes);
            double largest = largest(logits, row);
            double logSum = logSum(logits, row, largest);
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                double target = target(label, c, classes, smoothing);
                if (target != 0) {
                    sum -= target * (at(logits, row, c) - largest - logSum);
                }
            }
            to[out.offset() + row] = label == -1 ? 0 : sum;
        }
    }

    @Override
    public void crossEntropyGradient(View logits, View labels, float smoothing, View outputGradient, View out) {
        double[] gradient = ReferenceStorage.doubles(outputGradient);
        double[] to = ReferenceStorage.doubles(out);
        int classes = logits.dim(1);
        for (int row = 0; row < logits.dim(0); row++) {
            int label = label(labels, row, classes);
            double largest = largest(logits, row);
            double logSum = logSum(logits, row, largest);
            double g = gradient[outputGradient.offset() + row];
            for (int c = 0; c < classes; c++) {
                double softmax = Math.exp(at(logits, row, c) - largest - logSum);
                to[out.offset() + row * classes + c] =
                        label == -1 ? 0 : (softmax - target(label, c, classes, smoothing)) * g;
            }
        }
    }
}
