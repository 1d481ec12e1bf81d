package lamella.backend.cpu;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.View;

import java.util.Arrays;

/// What [CpuBackendProviderTest] runs in a JVM without the Vector API.
final class PlainProgram {
    static final String RESULT = "[4.0, 4.0, 4.0, 4.0]";

    private PlainProgram() {}

    /// Opens the backend twice and computes a matrix product and a maximum.
    public static void main(String[] arguments) {
        var backends = Backends.installed();
        backends.open("cpu", BackendOptions.defaults()).close();
        try (var backend = backends.open("cpu", BackendOptions.defaults())) {
            View x = View.of(backend.allocate(DType.FLOAT32, 4), Shape.of(2, 2));
            View y = View.of(backend.allocate(DType.FLOAT32, 4), Shape.of(2, 2));
            backend.elementwise().fill(x, -1f);
            backend.matrix().multiply(x, false, x, false, y);
            backend.elementwise().unary(Unary.SQUARE, 0f, y, x);
            backend.elementwise().unary(Unary.RELU, 0f, x, y);
            float[] result = new float[4];
            backend.download(y, result, 0);
            System.out.println(Arrays.toString(result));
        }
    }
}
