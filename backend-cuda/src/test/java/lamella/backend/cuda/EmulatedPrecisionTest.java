package lamella.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Precision;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.BiFunction;

/// In what products are computed.
final class EmulatedPrecisionTest {
    @BeforeEach
    void buildAndTakeANewerDevice() {
        EmulatedDevice.require();
        new CudaBackendProvider().probe();
        EmulatedDevice.capability(80);
    }

    @AfterEach
    void restore() {
        EmulatedDevice.capability(75);
    }

    private static Tensor random(Backend backend, int seed, int... dims) {
        return RandomSource.of(seed).uniform(backend, Shape.of(dims), -1, 1);
    }

    /// Returns the largest error of an op and its gradients, against double arithmetic.
    private static double error(Precision precision, BiFunction<Tensor, Tensor, Tensor> op, Shape a, Shape b) {
        List<float[]> expected = run(ReferenceBackend.create(), op, a, b);
        List<float[]> got;
        try (Backend backend = new CudaBackendProvider().open(BackendOptions.defaults().precision(precision))) {
            got = run(backend, op, a, b);
        }
        double largest = 0;
        for (int i = 0; i < expected.size(); i++) {
            for (int j = 0; j < expected.get(i).length; j++) {
                largest = Math.max(largest, Math.abs(expected.get(i)[j] - got.get(i)[j]));
            }
        }
        return largest;
    }

    private static List<float[]> run(Backend backend, BiFunction<Tensor, Tensor, Tensor> op, Shape a, Shape b) {
        Tensor x = random(backend, 1, a.dims());
        Tensor w = random(backend, 2, b.dims());
        Tensor y = op.apply(x, w);
        Tensor factors = random(backend, 3, y.shape().dims());
        List<Tensor> gradients = Autograd.gradients(List.of(x, w), () -> op.apply(x, w).multiply(factors).sum());
        return List.of(y.toFloats(), gradients.get(0).toFloats(), gradients.get(1).toFloats());
    }

    /// 64 products of numbers in [-1, 1] each: float32 errs by some 1e-6, operands of 10 bits by some 1e-3, of 7
    /// bits by some 1e-2.
    private static void check(BiFunction<Tensor, Tensor, Tensor> op, Shape a, Shape b) {
        double inFloat32 = error(Precision.FLOAT32, op, a, b);
        double inTf32 = error(Precision.TF32, op, a, b);
        double inBfloat16 = error(Precision.BFLOAT16, op, a, b);
        String errors = inFloat32 + ", " + inTf32 + ", " + inBfloat16;
        assertTrue(inFloat32 < 1e-5, errors);
        assertTrue(inTf32 > 1e-4 && inTf32 < 1e-2, errors);
        assertTrue(inBfloat16 > 2 * inTf32 && inBfloat16 < 1e-1, errors);
    }

    @Test
    void productsTakeTheirOperandsRounded() {
        check(Tensor::matmul, Shape.of(64, 64), Shape.of(64, 64));
    }

    @Test
    void convolutionsTakeTheirOperandsRounded() {
        Conv2dOptions options = Conv2dOptions.defaults();
        check((x, w) -> x.conv2d(w, options), Shape.of(1, 7, 10, 10), Shape.of(8, 7, 3, 3));
    }

    @Test
    void isTf32WhereNoneIsAskedFor() {
        try (Backend backend = new CudaBackendProvider().open(BackendOptions.defaults())) {
            assertEquals("Emulated GPU, cuDNN 9.5.1, tf32", backend.device());
        }
    }

    @Test
    void rejectsBfloat16OnDevicesWithout() {
        EmulatedDevice.capability(75);
        BackendOptions options = BackendOptions.defaults().precision(Precision.BFLOAT16);
        assertEquals(
                "backend 'cuda' computes in bfloat16 on devices of compute capability 8.0 or later, this is 7.5",
                assertThrows(IllegalArgumentException.class, () -> new CudaBackendProvider().open(options))
                        .getMessage());
    }

    @Test
    void rejectsDevicesThatAreNotThere() {
        assertEquals(
                "backend 'cuda' has 1 device, from 0 on, got 3",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new CudaBackendProvider().open(BackendOptions.defaults().device(3)))
                        .getMessage());
    }
}
