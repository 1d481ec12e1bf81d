package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/// Single-precision matrix products of the sizes of real nets, and awkward ones, with each transposition that
/// training needs.
public class MatrixBenchmark extends KernelBenchmark {
    /// M x N x K of `[M, K] · [K, N]`: large; primes; the dense layers of LeNet-5, of an MLP and of a class
    /// score; the gates of an LSTM and the words of a caption; the two convolutions of LeNet-5 as products;
    /// ResNet's last layer for one image; long and thin; a single element.
    @Param({
        "1024x1024x1024",
        "256x256x256",
        "207x300x515",
        "64x120x400",
        "64x512x784",
        "64x10x512",
        "32x512x128",
        "640x8000x512",
        "36864x6x25",
        "4096x16x150",
        "1x1000x512",
        "10007x1x3",
        "3x5x10007",
        "1x1x1"
    })
    public String size;

    private Backend backend;
    private Tensor a;
    private Tensor b;
    private Tensor transposedA;
    private Tensor transposedB;
    private Tensor bias;
    private Tensor out;

    /// Makes the factors and checks a few elements of each product.
    @Setup
    public void prepare() {
        backend = open();
        int[] extents = extents(size);
        int m = extents[0];
        int n = extents[1];
        int k = extents[2];
        a = noise(Shape.of(m, k));
        b = noise(Shape.of(k, n));
        transposedA = a.transpose();
        transposedB = b.transpose();
        bias = noise(Shape.of(n));
        out = zeros(Shape.of(m, n));
        float[] left = a.toFloats();
        float[] right = b.toFloats();
        float[] added = bias.toFloats();
        IntToDoubleFunction expected =
                at -> {
                    double sum = 0;
                    for (int p = 0; p < k; p++) {
                        sum += (double) left[at / n * k + p] * right[p * n + at % n];
                    }
                    return sum;
                };
        multiply();
        check(out, expected);
        multiplyTransposedA();
        check(out, expected);
        multiplyTransposedB();
        check(out, expected);
        linear();
        check(out, at -> expected.applyAsDouble(at) + added[at % n]);
    }

    private void multiply(Tensor left, boolean transposeA, Tensor right, boolean transposeB) {
        backend.matrix().multiply(left.view(), transposeA, right.view(), transposeB, out.view());
        backend.synchronize();
    }

    /// `[M, K] · [K, N]`: the gradient of a dense layer's input.
    @Benchmark
    public void multiply() {
        multiply(a, false, b, false);
    }

    /// `[K, M]ᵀ · [K, N]`: the gradient of a dense layer's weight.
    @Benchmark
    public void multiplyTransposedA() {
        multiply(transposedA, true, b, false);
    }

    /// `[M, K] · [N, K]ᵀ`.
    @Benchmark
    public void multiplyTransposedB() {
        multiply(a, false, transposedB, true);
    }

    /// `[M, K] · [N, K]ᵀ + [N]`: a dense layer.
    @Benchmark
    public void linear() {
        backend.matrix().linear(a.view(), transposedB.view(), Optional.of(bias.view()), out.view());
        backend.synchronize();
    }
}
