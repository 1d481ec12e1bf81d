package lamella.tck;

import lamella.array.LocalResponseOptions;
import lamella.backend.NormalizationKernels;
import lamella.backend.View;

import java.util.Arrays;

/// Batch, layer and local response normalisation.
final class ReferenceNormalization implements NormalizationKernels {
    @Override
    public void moments(View x, View out) {
        double[] from = ReferenceStorage.doubles(x);
        double[] to = ReferenceStorage.doubles(out);
        int channels = x.dim(1);
        int inner = x.shape().sizeBetween(2, x.shape().rank());
        int count = x.dim(0) * inner;
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += from[place(x, i, c, channels, inner)];
            }
            double mean = sum / count;
            double squares = 0;
            for (int i = 0; i < count; i++) {
                double centred = from[place(x, i, c, channels, inner)] - mean;
                squares += centred * centred;
            }
            to[out.offset() + c] = mean;
            to[out.offset() + channels + c] = squares / count;
        }
    }

    /// Returns the place of the i-th element of channel c.
    private static int place(View x, int i, int c, int channels, int inner) {
        return x.offset() + (i / inner * channels + c) * inner + i % inner;
    }

    @Override
    public void batchNorm(View x, View scale, View shift, View moments, float epsilon, View out) {
        double[] from = ReferenceStorage.doubles(x);
        double[] to = ReferenceStorage.doubles(out);
        int channels = x.dim(1);
        int inner = x.shape().sizeBetween(2, x.shape().rank());
        for (int i = 0; i < out.size(); i++) {
            int c = i / inner % channels;
            double mean = at(moments, c);
            double variance = at(moments, channels + c);
            to[out.offset() + i] =
                    (from[x.offset() + i] - mean) / Math.sqrt(variance + epsilon) * at(scale, c) + at(shift, c);
        }
    }

    private static double at(View view, int index) {
        return ReferenceStorage.doubles(view)[view.offset() + index];
    }

    @Override
    public void batchNormGradient(
            View x,
            View scale,
            View moments,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        double[] from = ReferenceStorage.doubles(x);
        double[] gradient = ReferenceStorage.doubles(outputGradient);
        double[] to = ReferenceStorage.doubles(inputGradient);
        int channels = x.dim(1);
        int inner = x.shape().sizeBetween(2, x.shape().rank());
        int count = x.dim(0) * inner;
        for (int c = 0; c < channels; c++) {
            double mean = at(moments, c);
            double deviation = Math.sqrt(at(moments, channels + c) + epsilon);
            double sum = 0;
            double product = 0;
            for (int i = 0; i < count; i++) {
                double normal = (from[place(x, i, c, channels, inner)] - mean) / deviation;
                double g = gradient[place(outputGradient, i, c, channels, inner)];
                sum += g;
                product += g * normal;
            }
            for (int i = 0; i < count; i++) {
                double normal = (from[place(x, i, c, channels, inner)] - mean) / deviation;
                double g = gradient[place(outputGradient, i, c, channels, inner)];
                to[place(inputGradient, i, c, channels, inner)] =
                        at(scale, c) / deviation * (g - sum / count - normal * product / count);
            }
            ReferenceStorage.doubles(scaleGradient)[scaleGradient.offset() + c] = product;
            ReferenceStorage.doubles(shiftGradient)[shiftGradient.offset() + c] = sum;
        }
    }

    @Override
    public void layerNorm(View x, View scale, View shift, float epsilon, View out) {
        double[] to = ReferenceStorage.doubles(out);
        int features = x.dim(1);
        for (int row = 0; row < x.dim(0); row++) {
            double mean = mean(x, row);
            double deviation = Math.sqrt(variance(x, row, mean) + epsilon);
            for (int f = 0; f < features; f++) {
                to[out.offset() + row * features + f] =
                        (at(x, row * features + f) - mean) / deviation * at(scale, f) + at(shift, f);
            }
        }
    }

    private static double mean(View x, int row) {
        int features = x.dim(1);
        double sum = 0;
        for (int f = 0; f < features; f++) {
            sum += at(x, row * features + f);
        }
        return sum / features;
    }

    private static double variance(View x, int row, double mean) {
        int features = x.dim(1);
        double squares = 0;
        for (int f = 0; f < features; f++) {
            double centred = at(x, row * features + f) - mean;
            squares += centred * centred;
        }
        return squares / features;
    }

    @Override
    public void layerNormGradient(
            View x,
            View scale,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        double[] to = ReferenceStorage.doubles(inputGradient);
        double[] toScale = ReferenceStorage.doubles(scaleGradient);
        double[] toShift = ReferenceStorage.doubles(shiftGradient);
        int features = x.dim(1);
        Arrays.fill(toScale, scaleGradient.offset(), scaleGradient.offset() + features, 0);
        Arrays.fill(toShift, shiftGradient.offset(), shiftGradient.offset() + features, 0);
        for (int row = 0; row < x.dim(0); row++) {
            double mean = mean(x, row);
            double deviation = Math.sqrt(variance(x, row, mean) + epsilon);
            double sum = 0;
            double product = 0;
            for (int f = 0; f < features; f++) {
                double normal = (at(x, row * features + f) - mean) / deviation;
                double g = at(outputGradient, row * features + f);
                sum += g * at(scale, f);
                product += g * at(scale, f) * normal;
                toScale[scaleGradient.offset() + f] += g * normal;
                toShift[shiftGradient.offset() + f] += g;
            }
            for (int f = 0; f < features; f++) {
                double normal = (at(x, row * features + f) - mean) / deviation;
                double g = at(outputGradient, row * features + f);
                to[inputGradient.offset() + row * features + f] =
                        (g * at(scale, f) - sum / features - normal * product / features) / deviation;
            }
        }
    }

    @Override
    public void localResponse(View x, LocalResponseOptions constants, View out) {
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = at(x, i) / Math.pow(base(x, i, constants), constants.beta());
        }
    }

    /// Returns `bias + alpha / size · Σ x[c′]²` for the element at place `i`.
    private static double base(View x, int i, LocalResponseOptions constants) {
        double sum = 0;
        for (int neighbour : neighbours(x, i, constants)) {
            sum += at(x, neighbour) * at(x, neighbour);
        }
        return constants.bias() + (double) constants.alpha() / constants.size() * sum;
    }

    /// Returns the places of the channels around that of place `i` that exist.
    private static int[] neighbours(View x, int i, LocalResponseOptions constants) {
        int plane = x.dim(2) * x.dim(3);
        int channels = x.dim(1);
        int c = i / plane % channels;
        int first = Math.max(c - constants.size() / 2, 0);
        int last = Math.min(c + constants.size() / 2, channels - 1);
        int[] places = new int[last - first + 1];
        for (int k = 0; k < places.length; k++) {
            places[k] = i + (first + k - c) * plane;
        }
        return places;
    }

    @Override
    public void localResponseGradient(View x, View y, View outputGradient, LocalResponseOptions constants, View out) {
        double[] to = ReferenceStorage.doubles(out);
        double factor = 2.0 * constants.alpha() * constants.beta() / constants.size();
        for (int i = 0; i < out.size(); i++) {
            double sum = 0;
            for (int neighbour : neighbours(x, i, constants)) {
                sum += at(outputGradient, neighbour) * at(y, neighbour) / base(x, neighbour, constants);
            }
            to[out.offset() + i] =
                    at(outputGradient, i) / Math.pow(base(x, i, constants), constants.beta()) - factor * at(x, i) * sum;
        }
    }
}
