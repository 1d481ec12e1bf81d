package lamella.backend.cuda.matrix;

import jcuda.jcublas.cublasOperation;

import lamella.backend.MatrixKernels;
import lamella.backend.Precision;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Operands;

import java.util.Optional;

/// Matrix products by cuBLAS.
public final class CudaMatrixKernels implements MatrixKernels {
    private final Device device;
    private final Bias biases;

    /// Runs on a device.
    public CudaMatrixKernels(Device device) {
        this.device = device;
        biases = new Bias(device);
    }

    @Override
    public void multiply(View a, boolean transposeA, View b, boolean transposeB, View out) {
        product(new Operand(a, transposeA), new Operand(b, transposeB), out, false);
    }

    /// The bias is there before the product, which adds to it: so only its writing takes time of its own,
    /// while a bias that is added later is a pass of reading and writing.
    @Override
    public void linear(View x, View weight, Optional<View> bias, View out) {
        bias.ifPresent(b -> biases.spread(b, 1, out));
        product(new Operand(x, false), new Operand(weight, true), out, bias.isPresent());
    }

    /// A matrix, or a batch of them.
    private record Operand(View view, boolean transposed) {
        int operation() {
            return transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
        }
    }

    /// @param added whether the product is added to `out`
    private void product(Operand a, Operand b, View out, boolean added) {
        if (out.size() == 0) {
            return;
        }
        if (a.view.size() == 0) {
            if (!added) {
                device.clear(CudaStorage.address(out), 4L * out.size());
            }
            return;
        }
        Precision precision = device.precision();
        boolean bfloat16 = precision == Precision.BFLOAT16;
        try (var operands = new Operands(device, bfloat16)) {
            var product =
                    new Product(
                            a.operation(),
                            b.operation(),
                            out.dim(-2),
                            out.dim(-1),
                            a.view.dim(a.transposed ? -2 : -1),
                            out.shape().rank() == 2 ? Product.ONE_MATRIX : out.dim(0),
                            precision,
                            added);
            long left = bfloat16 ? operands.read(a.view).value() : CudaStorage.address(a.view);
            long right = bfloat16 ? operands.read(b.view).value() : CudaStorage.address(b.view);
            long result = CudaStorage.address(out);
            device.issue(product, libraries -> product.run(libraries, left, right, result), left, right, result);
        }
    }
}
