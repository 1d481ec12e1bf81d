package lamella.tensor;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.DeviceMemoryException;
import lamella.backend.MetaBackend;
import lamella.backend.View;

import java.util.List;

/// One operation: its shape rule, its kernel call, its gradient.
sealed interface Op
        permits ElementwiseOps.Unary,
                ElementwiseOps.Binary,
                ElementwiseOps.Select,
                ElementwiseOps.ToFloat,
                ReduceOps.Reduce,
                ReduceOps.ArgMaximum,
                MatrixOps.MatMul,
                MatrixOps.Linear,
                FusedOps.Fused,
                LayoutOps.Move,
                IndexOps.Gather,
                ConvolutionOps.Conv2d,
                ConvolutionOps.ConvTranspose2d,
                PoolingOps.Maximum,
                PoolingOps.Average,
                NormalizationOps.Moments,
                NormalizationOps.BatchNorm,
                NormalizationOps.LayerNorm,
                NormalizationOps.LocalResponse,
                SoftmaxOps.Softmax,
                SoftmaxOps.LogSoftmax,
                SoftmaxOps.CrossEntropy,
                RecurrentOps.Sequence,
                CustomOps.Custom {

    /// Returns the name that messages begin with.
    String name();

    /// Returns the shape of the result, or throws a [ShapeException] that says it all.
    Shape infer(List<Tensor> in);

    /// Computes all of `out`.
    void forward(Backend backend, List<View> in, View out);

    /// Sends to each operand its part of the gradient.
    void gradient(Backward at);

    /// Returns the type of the result.
    default DType type(List<Tensor> in) {
        return DType.FLOAT32;
    }

    /// Tells whether an operand may be of this type.
    default boolean accepts(int operand, DType type) {
        return type == DType.FLOAT32;
    }

    /// Tells whether [#gradient] reads the elements of an operand, beside its shape. What it does not read may go back
    /// to the backend before the walk comes by.
    default boolean readsOperand(int operand) {
        return true;
    }

    /// Tells whether [#gradient] reads the elements of the result, beside its shape.
    default boolean readsResult() {
        return true;
    }

    /// Returns where the result goes: new storage, unless the op only looks at its operand in
    /// another way.
    default Tensor output(Backend backend, List<Tensor> in, DType type, Shape shape) {
        return Tensor.empty(backend, type, shape);
    }

    /// Checks, computes and records: the only place where operations happen.
    static Tensor apply(Op op, Tensor... operands) {
        List<Tensor> in = List.of(operands);
        Backend backend = commonBackend(op, in);
        check(op, in);
        Shape shape = op.infer(in);
        Tensor result;
        try {
            result = op.output(backend, in, op.type(in), shape);
            op.forward(backend, views(operands), result.view());
        } catch (DeviceMemoryException e) {
            throw e.during(op.name());
        }
        Tape.record(op, operands, result);
        Trace.note(op, operands, result);
        return result;
    }

    private static List<View> views(Tensor[] operands) {
        var views = new View[operands.length];
        for (int i = 0; i < operands.length; i++) {
            views[i] = operands[i].view();
        }
        return List.of(views);
    }

    private static void check(Op op, List<Tensor> in) {
        for (int i = 0; i < in.size(); i++) {
            Tensor operand = in.get(i);
            if (operand.view().storage().released()) {
                throw new IllegalStateException(
                        op.name() + ": operand " + i + " " + operand.shape() + operand.lease().afterItsEnd());
            }
            if (!op.accepts(i, operand.type())) {
                throw new IllegalArgumentException(
                        op.name()
                                + ": operand "
                                + i
                                + " "
                                + operand.shape()
                                + " must not be "
                                + operand.type().name().toLowerCase(java.util.Locale.ROOT));
            }
        }
    }

    private static Backend commonBackend(Op op, List<Tensor> in) {
        Backend backend = in.getFirst().backend();
        for (int i = 1; i < in.size(); i++) {
            Backend other = in.get(i).backend();
            if (other == backend || backend instanceof MetaBackend) {
                continue;
            }
            if (!(other instanceof MetaBackend)) {
                throw new IllegalArgumentException(
                        op.name()
                                + ": operands are on two backends, '"
                                + backend.name()
                                + "' and '"
                                + other.name()
                                + "'");
            }
            backend = other;
        }
        return backend;
    }
}
