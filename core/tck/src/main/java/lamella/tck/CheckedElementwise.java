package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.ElementwiseKernels;
import lamella.backend.View;

/// Asserts the contract of elementwise kernels.
record CheckedElementwise(ElementwiseKernels kernels, CheckedBackend.Calls calls) implements ElementwiseKernels {
    @Override
    public void unary(Unary op, float alpha, View x, View out) {
        calls.of("elementwise." + op)
                .reads("x", x)
                .writes("out", out)
                .mayBe(x)
                .size("out", out, x.size())
                .run(() -> kernels.unary(op, alpha, x, out));
    }

    @Override
    public void unaryGradient(Unary op, float alpha, View x, View y, View outputGradient, View out) {
        calls.of("elementwise.gradient of " + op)
                .reads("x", x)
                .reads("y", y)
                .reads("outputGradient", outputGradient)
                .writes("out", out)
                .mayBe(outputGradient)
                .size("y", y, x.size())
                .size("outputGradient", outputGradient, x.size())
                .size("out", out, x.size())
                .run(() -> kernels.unaryGradient(op, alpha, x, y, outputGradient, out));
    }

    @Override
    public void binary(Binary op, View a, View b, View out) {
        CheckedCall call =
                calls.of("elementwise." + op)
                        .reads("a", a)
                        .reads("b", b)
                        .writes("out", out)
                        .require(
                                Shape.broadcasts(a.shape(), b.shape()),
                                a.shape() + " and " + b.shape() + " do not broadcast");
        call.mayBe(a)
                .mayBe(b)
                .shape("out", out, Shape.broadcast(a.shape(), b.shape()))
                .run(() -> kernels.binary(op, a, b, out));
    }

    @Override
    public void select(View condition, View a, View b, View out) {
        calls.of("elementwise.select")
                .reads("condition", condition)
                .reads("a", a)
                .reads("b", b)
                .writes("out", out)
                .shape("a", a, condition.shape())
                .shape("b", b, condition.shape())
                .shape("out", out, condition.shape())
                .run(() -> kernels.select(condition, a, b, out));
    }

    @Override
    public void fill(View out, float value) {
        calls.of("elementwise.fill").writes("out", out).run(() -> kernels.fill(out, value));
    }

    @Override
    public void copy(View x, View out) {
        calls.of("elementwise.copy")
                .reads("x", x, x.type())
                .writes("out", out, x.type())
                .size("out", out, x.size())
                .run(() -> kernels.copy(x, out));
    }

    @Override
    public void toFloat(View x, View out) {
        calls.of("elementwise.toFloat")
                .reads("x", x, DType.INT32)
                .writes("out", out)
                .size("out", out, x.size())
                .run(() -> kernels.toFloat(x, out));
    }
}
