package lamella.tensor;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.Epilogue.Function;
import lamella.backend.View;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Operations together with what follows them. They are never recorded for a gradient, which would need what is
/// between their steps: while a tape records, [#apply] does the steps one by one.
final class FusedOps {
    private FusedOps() {}

    /// @param plain the operation without its epilogue
    /// @param operands its operands
    static Tensor apply(Op plain, Epilogue epilogue, Tensor... operands) {
        Tensor[] all = operands;
        if (epilogue.added().isPresent()) {
            all = Arrays.copyOf(operands, operands.length + 1);
            all[operands.length] = epilogue.added().get();
        }
        if (Tape.records(all)) {
            return epilogue.apply(Op.apply(plain, operands));
        }
        return Op.apply(new Fused(plain, operands.length, epilogue.functions()), all);
    }

    /// Operands: those of the plain operation, then perhaps what is added.
    ///
    /// @param plain a convolution or a linear map
    /// @param plainOperands 2, or 3 with a bias
    record Fused(Op plain, int plainOperands, List<Function> functions) implements Op {
        @Override
        public String name() {
            return plain.name();
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Shape shape = plain.infer(in.subList(0, plainOperands));
            if (in.size() > plainOperands && !in.getLast().shape().equals(shape)) {
                throw ShapeException.of(name(), "what is added must have the result's shape, " + shape)
                        .operand("added", in.getLast().shape(), "", in.getLast().label());
            }
            return shape;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            Optional<View> bias = plainOperands > 2 ? Optional.of(in.get(2)) : Optional.empty();
            Optional<View> added = in.size() > plainOperands ? Optional.of(in.getLast()) : Optional.empty();
            if (plain instanceof ConvolutionOps.Conv2d(Conv2dOptions options)) {
                var epilogue = new lamella.backend.Epilogue(added, functions);
                backend.fused().convolution(in.get(0), in.get(1), bias, options, epilogue, out);
            } else {
                var epilogue = new lamella.backend.Epilogue(added.map(MatrixOps::asMatrix), functions);
                View x = MatrixOps.asMatrix(in.get(0));
                backend.fused().linear(x, in.get(1), bias, epilogue, MatrixOps.asMatrix(out));
            }
        }

        @Override
        public void gradient(Backward at) {
            throw new IllegalStateException(name() + ": a fused operation is on a tape");
        }
    }
}
