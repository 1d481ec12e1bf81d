package lamella.app.bench;

import static lamella.backend.ElementwiseKernels.Binary.ADD;
import static lamella.backend.ElementwiseKernels.Unary.GELU;
import static lamella.backend.ElementwiseKernels.Unary.RELU;
import static lamella.backend.ElementwiseKernels.Unary.SIGMOID;
import static lamella.backend.ElementwiseKernels.Unary.TANH;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.ElementwiseKernels;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Functions of single elements.
public class ElementwiseBenchmark extends KernelBenchmark {
    /// `rows x columns`: one number, a prime, a dense layer of LeNet-5, the gates of an LSTM, the first
    /// activations of LeNet-5 and of the MNIST convnet (with the channel in the rows).
    @Param({"1x1", "101x103", "64x120", "32x512", "384x784", "4096x676"})
    public String size;

    private Backend backend;
    private ElementwiseKernels kernels;
    private Tensor a;
    private Tensor b;
    private Tensor row;
    private Tensor column;
    private Tensor out;

    /// Makes the operands and checks the results.
    @Setup
    public void prepare() {
        backend = open();
        kernels = backend.elementwise();
        int[] extents = extents(size);
        int columns = extents[1];
        Shape shape = Shape.of(extents[0], columns);
        a = noise(shape);
        b = noise(shape);
        row = noise(Shape.of(columns));
        column = noise(Shape.of(extents[0], 1));
        out = zeros(shape);
        float[] left = a.toFloats();
        float[] right = b.toFloats();
        float[] bias = row.toFloats();
        float[] channels = column.toFloats();
        relu();
        check(out, i -> Math.max(left[i], 0));
        reluGradient();
        check(out, i -> left[i] > 0 ? right[i] : 0);
        tanh();
        check(out, i -> Math.tanh(left[i]));
        sigmoid();
        check(out, i -> 1 / (1 + Math.exp(-left[i])));
        gelu();
        // half the normal distribution's mass lies on each side: gelu(x) - gelu(-x) = x
        float[] positive = out.toFloats();
        kernels.unary(GELU, 0, a.negate().view(), out.view());
        check(out, i -> positive[i] - left[i]);
        add();
        check(out, i -> left[i] + right[i]);
        addToRows();
        check(out, i -> left[i] + bias[i % columns]);
        addToColumns();
        check(out, i -> left[i] + channels[i / columns]);
    }

    private void unary(ElementwiseKernels.Unary op) {
        kernels.unary(op, 0, a.view(), out.view());
        backend.synchronize();
    }

    private void binary(Tensor other) {
        kernels.binary(ADD, a.view(), other.view(), out.view());
        backend.synchronize();
    }

    /// max(x, 0).
    @Benchmark
    public void relu() {
        unary(RELU);
    }

    /// The gradient of max(x, 0).
    @Benchmark
    public void reluGradient() {
        kernels.unaryGradient(RELU, 0, a.view(), a.view(), b.view(), out.view());
        backend.synchronize();
    }

    /// The hyperbolic tangent.
    @Benchmark
    public void tanh() {
        unary(TANH);
    }

    /// The logistic function.
    @Benchmark
    public void sigmoid() {
        unary(SIGMOID);
    }

    /// x · Φ(x).
    @Benchmark
    public void gelu() {
        unary(GELU);
    }

    /// The sum of two arrays.
    @Benchmark
    public void add() {
        binary(b);
    }

    /// The bias of a dense layer: one number a column.
    @Benchmark
    public void addToRows() {
        binary(row);
    }

    /// The bias of a convolution: one number a row.
    @Benchmark
    public void addToColumns() {
        binary(column);
    }
}
