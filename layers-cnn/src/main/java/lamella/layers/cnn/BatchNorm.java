package lamella.layers.cnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Finish;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Mode;
import lamella.nn.Scope;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/// Batch normalisation of vectors, signals or images: each channel gets mean 0 and variance 1, then
/// a learned scale and shift.
///
/// `y = (x − mean) / √(variance + epsilon) · scale + shift`. In training, mean and biased variance
/// are those of the batch, over all axes but the channels', and the running statistics move towards
/// them: `running = (1 − momentum) · running + momentum · batch`, with the unbiased variance (divided
/// by one less than the number of elements); see [Mode#update]. In inference they are the running
/// statistics.
///
/// ## Shapes
/// - input and output `[N, C, ...]`
/// - scale and shift `[C]`; buffers runningMean and runningVariance `[C]`
///
/// ## Initial values
/// Scale and runningVariance 1, shift and runningMean 0.
///
/// ## Errors
/// [ShapeException] if an example has no axis; in training, if there are fewer than 2 elements in a
/// channel of the batch, which have no variance.
///
/// ## Source
/// Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal
/// covariate shift", ICML 2015; there the statistics for inference are gathered after training, here
/// while training.
///
/// @param epsilon added to the variance, above 0
/// @param momentum weight of the newest batch in the running statistics, a fraction in [0, 1] (PyTorch's
///     sense; Keras names the complement)
public record BatchNorm(float epsilon, float momentum) implements LayerSpec {
    static final LayerType<BatchNorm> TYPE =
            LayerType.of("batchNorm", BatchNorm.class, BatchNorm::read, BatchNorm::write);

    private static final float USUAL_EPSILON = 1e-5f;
    private static final float USUAL_MOMENTUM = 0.1f;

    /// Epsilon 1e-5, momentum 0.1.
    BatchNorm() {
        this(USUAL_EPSILON, USUAL_MOMENTUM);
    }

    /// Rejects an epsilon that is not above 0 and a momentum outside [0, 1].
    public BatchNorm {
        Checks.requireAbove("batchNorm", "epsilon", 0, epsilon);
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("batchNorm: momentum must be in [0, 1], got " + momentum);
        }
    }

    private static BatchNorm read(Fields in) {
        return new BatchNorm(in.number("epsilon", USUAL_EPSILON), in.number("momentum", USUAL_MOMENTUM));
    }

    private void write(Fields.Writer out) {
        out.put("epsilon", epsilon).put("momentum", momentum);
    }

    /// Returns this layer with another number added to the variance.
    public BatchNorm epsilon(double epsilon) {
        return new BatchNorm((float) epsilon, momentum);
    }

    /// Returns this layer with another weight of the newest batch.
    public BatchNorm momentum(double momentum) {
        return new BatchNorm(epsilon, (float) momentum);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireChannels("batchNorm", input);
        Shape channels = Shape.of(input.dim(0));
        return new Built(
                this,
                scope.parameter("scale", channels, Initializer.ones()),
                scope.parameter("shift", channels, Initializer.zeros()),
                scope.buffer("runningMean", channels, Initializer.zeros()),
                scope.buffer("runningVariance", channels, Initializer.ones()));
    }

    private record Built(BatchNorm spec, Parameter scale, Parameter shift, Parameter mean, Parameter variance)
            implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            if (!Mode.training()) {
                Tensor moments = Tensor.concatenate(0, row(mean.value()), row(variance.value()));
                return x.batchNorm(scale.value(), shift.value(), moments, spec.epsilon);
            }
            int count = requireVariance(x);
            var normalized = x.batchNorm(scale.value(), shift.value(), spec.epsilon);
            Tensor moments = normalized.moments();
            Mode.update(
                    () -> {
                        move(mean, moments.slice(0, 0, 1), 1);
                        move(variance, moments.slice(0, 1, 2), count / (count - 1f));
                    });
            return normalized.output();
        }

        @Override
        public Optional<List<Finish>> finishes() {
            float[] scales = scale.value().toFloats();
            float[] shifts = shift.value().toFloats();
            float[] means = mean.value().toFloats();
            float[] variances = variance.value().toFloats();
            for (int c = 0; c < scales.length; c++) {
                double factor = scales[c] / Math.sqrt((double) variances[c] + spec.epsilon);
                shifts[c] = (float) (shifts[c] - means[c] * factor);
                scales[c] = (float) factor;
            }
            return Optional.of(List.of(new Finish.Scaled(scales, shifts)));
        }

        private void move(Parameter running, Tensor batch, float correction) {
            Tensor newest = batch.reshape(running.shape()).multiply(spec.momentum * correction);
            running.assign(running.value().multiply(1 - spec.momentum).add(newest));
        }

        private int requireVariance(Tensor x) {
            int channels = scale.shape().size();
            int count = channels == 0 ? 2 : x.shape().size() / channels;
            if (count < 2) {
                throw ShapeException.of("batchNorm", "training needs at least 2 elements in each channel, got " + count)
                        .operand("input", x.shape(), "", x.label());
            }
            return count;
        }

        private static Tensor row(Tensor x) {
            return x.reshape(x.shape().prepend(1));
        }
    }

    @Override
    public String toString() {
        return "batchNorm()"
                + (epsilon == USUAL_EPSILON ? "" : ".epsilon(" + epsilon + ")")
                + (momentum == USUAL_MOMENTUM ? "" : ".momentum(" + momentum + ")");
    }
}
