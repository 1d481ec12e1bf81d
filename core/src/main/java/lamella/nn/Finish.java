package lamella.nn;

import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.Epilogue.Function;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.function.IntUnaryOperator;

/// A step that a frozen model can do while the output of the layer before is computed: what a [Layer#finishes] layer
/// comes down to in inference.
public sealed interface Finish {
    /// A function of each element.
    record Applied(Function function) implements Finish {
        /// Returns a function with its constant.
        ///
        /// @param alpha ignored where the function has none
        public static Applied of(Unary function, float alpha) {
            return new Applied(new Function(function, alpha));
        }
    }

    /// A scale and a shift of each channel: `y[n, c, ...] = scale[c] · x[n, c, ...] + shift[c]`. Where x is linear in a
    /// weight, so is y in another: it goes into weight and bias, and costs nothing.
    ///
    /// @param scale `[C]`
    /// @param shift `[C]`
    record Scaled(float[] scale, float[] shift) implements Finish {
        /// Rejects scales and shifts of different number.
        public Scaled {
            if (scale.length != shift.length) {
                throw new IllegalArgumentException(
                        "finish: there are %d scales but %d shifts".formatted(scale.length, shift.length));
            }
        }

        /// Returns a weight `[C, ...]`, whose rows each make one channel, with this in it.
        public Parameter weight(Parameter weight) {
            int row = weight.shape().sizeBetween(1, weight.shape().rank());
            return weight(weight, element -> element / row);
        }

        /// Returns a weight with this in it.
        ///
        /// @param channel tells which channel an element of the weight goes to, by its place in row-major order
        public Parameter weight(Parameter weight, IntUnaryOperator channel) {
            float[] elements = weight.value().toFloats();
            for (int i = 0; i < elements.length; i++) {
                elements[i] *= scale[channel.applyAsInt(i)];
            }
            return with(weight, elements);
        }

        /// Returns a bias `[C]` with this in it.
        public Parameter bias(Parameter bias) {
            float[] elements = bias.value().toFloats();
            for (int i = 0; i < elements.length; i++) {
                elements[i] = (float) ((double) elements[i] * scale[i] + shift[i]);
            }
            return with(bias, elements);
        }

        /// Returns the bias of a layer that had none.
        ///
        /// @param weight of that layer
        public Parameter biasBeside(Parameter weight) {
            String path = weight.path().replaceFirst("[^.]*$", "bias");
            Tensor value = Tensor.of(weight.value().backend(), Shape.of(shift.length), shift);
            return Parameter.of(path, value, false);
        }

        private static Parameter with(Parameter parameter, float[] elements) {
            Tensor value = Tensor.of(parameter.value().backend(), parameter.shape(), elements);
            return Parameter.of(parameter.path(), value, false);
        }
    }
}
