package lamella.optim;

import lamella.array.Shape;
import lamella.tensor.Gradients;
import lamella.tensor.Tensor;

/// The limits of [Clip]'s factories. They print as the code that makes them.
final class Clips {
    private Clips() {}

    record ByNorm(float max) implements Clip {
        private static final float EPSILON = 1e-6f;

        ByNorm {
            Limits.requirePositive("byNorm", "max", max);
        }

        @Override
        public Gradients apply(Gradients gradients) {
            if (gradients.all().isEmpty()) {
                return gradients;
            }
            Tensor squares =
                    gradients.all().stream().map(gradient -> gradient.square().sum()).reduce(Tensor::add).orElseThrow();
            Tensor one = Tensor.full(squares.backend(), Shape.scalar(), 1);
            Tensor scale = squares.sqrt().add(EPSILON).reciprocal().multiply(max).minimum(one);
            return gradients.map(gradient -> gradient.multiply(scale));
        }

        @Override
        public String toString() {
            return "byNorm(" + max + ")";
        }
    }

    record ByValue(float max) implements Clip {
        ByValue {
            Limits.requirePositive("byValue", "max", max);
        }

        @Override
        public Gradients apply(Gradients gradients) {
            return gradients.map(gradient -> gradient.clamp(-max, max));
        }

        @Override
        public String toString() {
            return "byValue(" + max + ")";
        }
    }

    record None() implements Clip {
        @Override
        public Gradients apply(Gradients gradients) {
            return gradients;
        }

        @Override
        public String toString() {
            return "none()";
        }
    }
}
