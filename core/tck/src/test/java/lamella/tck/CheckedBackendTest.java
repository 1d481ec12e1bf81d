package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.OptimizerKernels.Sgd;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

final class CheckedBackendTest {
    private final CheckedBackend backend = CheckedBackend.of(ReferenceBackend.create());

    private View floats(int... dims) {
        Shape shape = Shape.of(dims);
        View view = View.of(backend.allocate(DType.FLOAT32, shape.size()), shape);
        backend.elementwise().fill(view, 1);
        return view;
    }

    private View ints(int... dims) {
        Shape shape = Shape.of(dims);
        return View.of(backend.allocate(DType.INT32, shape.size()), shape);
    }

    /// All cases of the suite keep the contract, and give the same through the checks.
    @TestFactory
    Stream<DynamicTest> acceptsEveryCaseOfTheSuite() {
        var runner = new CaseRunner(List.of(backend));
        return Stream.of(
                        ElementwiseCases.all(),
                        ReductionCases.all(),
                        MatrixCases.all(),
                        ConvolutionCases.all(),
                        FusedCases.all(),
                        PoolingCases.all(),
                        NormalizationCases.all(),
                        SoftmaxCases.all(),
                        LayoutCases.all(),
                        IndexCases.all(),
                        RandomCases.all(),
                        OptimizerCases.all(),
                        RecurrentCases.all())
                .flatMap(cases -> cases)
                .filter(c -> c.operands().stream().mapToInt(o -> o.shape().size()).sum() < 5000)
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> runner.check(c)));
    }

    private record Violation(String message, Runnable call) {}

    private List<Violation> violations() {
        View row = floats(6);
        View released = floats(6);
        backend.release(released.storage());
        Conv2dOptions plain = Conv2dOptions.defaults();
        var index = backend.index();
        var layout = backend.layout();
        return List.of(
                new Violation(
                        "elementwise.EXP: out is [5] with 5 elements, expected 6",
                        () -> backend.elementwise().unary(Unary.EXP, 0, row, floats(5))),
                new Violation(
                        "elementwise.EXP: x is INT32, expected FLOAT32",
                        () -> backend.elementwise().unary(Unary.EXP, 0, ints(6), row)),
                new Violation(
                        "elementwise.EXP: x [6] was released",
                        () -> backend.elementwise().unary(Unary.EXP, 0, released, row)),
                new Violation(
                        "elementwise.EXP: out shares elements with x",
                        () -> backend.elementwise().unary(Unary.EXP, 0, row.rows(0, 4), row.rows(1, 4))),
                new Violation(
                        "elementwise.ADD: [2] and [3] do not broadcast",
                        () -> backend.elementwise().binary(Binary.ADD, floats(2), floats(3), row)),
                new Violation(
                        "elementwise.ADD: out is [6], expected [6, 6]",
                        () -> backend.elementwise().binary(Binary.ADD, row, floats(6, 1), row)),
                new Violation(
                        "elementwise.select: out shares elements with a",
                        () -> backend.elementwise().select(floats(6), row, floats(6), row)),
                new Violation(
                        "reduction.SUM: axes must ascend inside [2, 3], got [1, 0]",
                        () -> backend.reduction().reduce(Reduction.SUM, floats(2, 3), new int[] {1, 0}, floats())),
                new Violation(
                        "reduction.argMaximum: x is [2, 0], expected elements along 1",
                        () -> backend.reduction().argMaximum(floats(2, 0), 1, ints(2))),
                new Violation(
                        "matrix.multiply: b is [3, 5], expected [4, 5]",
                        () -> backend.matrix().multiply(floats(2, 4), false, floats(3, 5), false, floats(2, 5))),
                new Violation(
                        "matrix.linear: out is [2, 3], expected [2, 4]",
                        () -> backend.matrix().linear(floats(2, 5), floats(4, 5), Optional.empty(), floats(2, 3))),
                new Violation(
                        "convolution.forward: x is [1, 3, 5, 5], expected [1, 4, 5, 5]",
                        () ->
                                backend.convolution()
                                        .forward(
                                                floats(1, 3, 5, 5),
                                                floats(2, 2, 3, 3),
                                                Optional.empty(),
                                                plain.groups(2),
                                                floats(1, 2, 3, 3))),
                new Violation(
                        "convolution.weightGradient: outputGradient is [1, 2, 4, 4]," + " expected [1, 2, 3, 3]",
                        () ->
                                backend.convolution()
                                        .weightGradient(
                                                floats(1, 3, 5, 5), floats(1, 2, 4, 4), plain, floats(2, 3, 3, 3))),
                new Violation(
                        "pooling.maximum: out is [1, 1, 3, 3], expected [1, 1, 2, 2]",
                        () -> backend.pooling().maximum(floats(1, 1, 5, 5), Pool2dOptions.of(2), floats(1, 1, 3, 3))),
                new Violation(
                        "normalization.moments: out is [3], expected [2, 3]",
                        () -> backend.normalization().moments(floats(4, 3), floats(3))),
                new Violation(
                        "softmax.crossEntropy: labels is FLOAT32, expected INT32",
                        () -> backend.softmax().crossEntropy(floats(2, 3), floats(2), 0, floats(2))),
                new Violation(
                        "layout.permute: order must name each axis of [2, 3] once, got [0, 0]",
                        () -> layout.permute(floats(2, 3), new int[] {0, 0}, floats(2, 2))),
                new Violation(
                        "layout.slice: out [2, 2] at [1, 2] is outside x [2, 3]",
                        () -> layout.slice(floats(2, 3), new int[] {1, 2}, floats(2, 2))),
                new Violation(
                        "layout.concatenate: out is [3, 5], expected [3, 4]",
                        () -> layout.concatenate(List.of(floats(3, 2), floats(3, 2)), 1, floats(3, 5))),
                new Violation(
                        "index.gather: out is [2, 4], expected [3, 4]",
                        () -> index.gather(floats(5, 4), ints(3), floats(2, 4))),
                new Violation(
                        "random.bernoulli: probability is 1.5, expected [0, 1]",
                        () -> backend.random().bernoulli(1, 2, 1.5f, floats(3))),
                new Violation(
                        "optimizer.momentum: parameter shares elements with velocity",
                        () -> backend.optimizer().momentum(new Sgd(0.1f, 0.9f, false, 0), row, floats(6), row)),
                new Violation(
                        "upload: source has 5 elements from 1 on, expected 6",
                        () -> backend.upload(new float[6], 1, row)));
    }

    @TestFactory
    Stream<DynamicTest> rejectsEveryViolation() {
        return violations().stream()
                .map(
                        v ->
                                DynamicTest.dynamicTest(
                                        v.message(),
                                        () ->
                                                assertEquals(
                                                        v.message(),
                                                        assertThrows(AssertionError.class, v.call()::run)
                                                                .getMessage())));
    }

    @Test
    void rejectsInfinityOfFiniteOperandsWhenAsked() {
        View x = floats(3);
        backend.upload(new float[] {1, 100, 2}, 0, x);
        backend.elementwise().unary(Unary.EXP, 0, x, floats(3));
        CheckedBackend finite = backend.requiringFinite();
        assertEquals(
                "elementwise.EXP: out [3] is not finite at element 1, though all operands are",
                assertThrows(AssertionError.class, () -> finite.elementwise().unary(Unary.EXP, 0, x, floats(3)))
                        .getMessage());
        backend.upload(new float[] {1, Float.POSITIVE_INFINITY, 2}, 0, x);
        finite.elementwise().unary(Unary.EXP, 0, x, floats(3));
    }
}
