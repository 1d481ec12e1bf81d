package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertVector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.CustomOp;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// When elements go back to the backend before the scope closes.
class LettingGoTest {
    private static final int VECTOR = 3 * 4;

    private final ReferenceBackend backend = ReferenceBackend.create();
    private final Tensor x = vector(1, -2, 3);
    private final List<Tensor> steps = new ArrayList<>();

    private Tensor vector(float... elements) {
        return Tensor.of(backend, Shape.of(elements.length), elements);
    }

    private long live() {
        return backend.memory().live();
    }

    private static void fails(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalStateException.class, body).getMessage());
    }

    @Test
    void whatWasLetGoGoesBackAtOnce() {
        Memory.scope(
                () -> {
                    Tensor hidden = x.exp();
                    Tensor y = hidden.log();
                    Memory.letGo(hidden, x, y);
                    assertEquals(2 * VECTOR, live());
                    fails("exp: operand 0 [3] is used after it was let go", hidden::exp);
                    fails("read: tensor [3] is used after it was let go", hidden::toFloats);
                    assertEquals(3, y.toFloats()[2], 1e-6);
                });
    }

    @Test
    void whatIsOlderThanTheScopeStays() {
        Memory.scope(
                () -> {
                    Tensor outer = x.exp();
                    Memory.scope(() -> Memory.letGo(outer));
                    Memory.letGo(x);
                    assertEquals(2 * VECTOR, live());
                });
    }

    @Test
    void whatWasKeptStays() {
        Memory.scope(() -> Memory.letGo(Memory.keep(x.exp())));
        assertEquals(2 * VECTOR, live());
    }

    @Test
    void whatSharesItsElementsStays() {
        Memory.scope(
                () -> {
                    Tensor hidden = x.exp();
                    Memory.letGo(hidden, x, hidden.reshape(Shape.of(3, 1)));
                    assertEquals(2 * VECTOR, live());
                });
    }

    @Test
    void outsideAScopeNothingGoesBack() {
        Tensor y = x.negate();
        Memory.letGo(y);
        assertVector(y, -1, 2, -3);
    }

    @Test
    void whatAGradientReadsStaysUntilItIsComputed() {
        Memory.scope(
                () -> {
                    List<Tensor> gradients =
                            Autograd.gradients(
                                    List.of(x),
                                    () -> {
                                        Tensor square = x.square();
                                        Tensor exp = square.negate().exp();
                                        Memory.letGo(square);
                                        Memory.letGo(exp);
                                        Tensor sum = exp.sum();
                                        // square.negate(), exp and sum
                                        assertEquals(3 * VECTOR + 4, live());
                                        return sum;
                                    });
                    // x, square.negate(), the sum and the gradient
                    assertEquals(3 * VECTOR + 4, live());
                    assertEquals(4 * Math.exp(-4), gradients.getFirst().toFloats()[1], 1e-6);
                });
        assertEquals(VECTOR, live());
    }

    /// Of a chain as long as one likes, no more gradients are there at once than two.
    @Test
    void gradientsGoBackWhenTheyHaveBeenUsed() {
        Memory.scope(
                () -> {
                    long[] forward = new long[1];
                    Autograd.gradients(
                            List.of(x),
                            () -> {
                                Tensor y = x;
                                for (int i = 0; i < 20; i++) {
                                    y = y.reshape(Shape.of(3, 1)).broadcastTo(Shape.of(3, 2)).slice(1, 0, 1).flatten(0);
                                }
                                Tensor sum = y.sum();
                                forward[0] = live();
                                return sum;
                            });
                    long peak = backend.memory().peak() - forward[0];
                    assertTrue(peak <= 5 * VECTOR, () -> peak + " bytes of gradients at once");
                    assertEquals(forward[0] + VECTOR, live());
                });
    }

    @Test
    void activationsWriteOverTheGradientThatNobodyElseReads() {
        Memory.scope(
                () -> {
                    long[] forward = new long[1];
                    Tensor gradient =
                            Autograd.gradients(
                                            List.of(x),
                                            () -> {
                                                Tensor y = x.multiply(2).tanh().apply(Unary.LEAKY_RELU, 0.1f).sigmoid();
                                                Tensor sum = y.sum();
                                                forward[0] = live();
                                                return sum;
                                            })
                                    .getFirst();
                    // the gradient of the sum, and one that each of the others changed
                    assertEquals(forward[0] + 4 + VECTOR, backend.memory().peak());
                    double tanh = Math.tanh(6);
                    double sigmoid = 1 / (1 + Math.exp(-tanh));
                    assertEquals(2 * (1 - tanh * tanh) * sigmoid * (1 - sigmoid), gradient.toFloats()[2], 1e-9);
                });
    }

    @Test
    void aGradientOfTwoIsNotWrittenOver() {
        // both ways get the same gradient, and one of them is an activation
        Tensor gradient =
                Autograd.gradients(List.of(x), () -> x.add(x.relu().multiply(10)).add(x.negate()).sum()).getFirst();
        assertVector(gradient, 10, 0, 10);
    }

    @Test
    void gradientsOfManyUsesAddUp() {
        Tensor gradient =
                Autograd.gradients(
                                List.of(x),
                                () -> {
                                    Tensor y = x.multiply(1);
                                    Tensor sum = y.add(y).add(y);
                                    for (int i = 2; i < 6; i++) {
                                        sum = sum.add(y.multiply(i)).add(sum);
                                    }
                                    return sum.sum();
                                })
                        .getFirst();
        // 3, then twice that plus i
        assertVector(gradient, 3 * 16 + 2 * 8 + 3 * 4 + 4 * 2 + 5, 89, 89);
    }

    @Test
    void leavesMayShareAGradient() {
        Tensor y = vector(1, 1, 1);
        Memory.scope(
                () -> {
                    List<Tensor> gradients = Autograd.gradients(List.of(x, y), () -> x.add(y).relu().sum());
                    assertVector(gradients.get(0), 1, 0, 1);
                    assertVector(gradients.get(1), 1, 0, 1);
                });
        assertEquals(2 * VECTOR, live());
    }

    @Test
    void nothingIsLeftOfAWalkThatFails() {
        long before = live();
        var failing =
                new CustomOp() {
                    @Override
                    public String name() {
                        return "failing";
                    }

                    @Override
                    public Tensor forward(List<Tensor> in) {
                        return in.getFirst().exp();
                    }

                    @Override
                    public List<Tensor> gradient(Tensor outputGradient, List<Tensor> in, Tensor out) {
                        throw new IllegalStateException("no");
                    }
                };
        fails("no", () -> Memory.scope(() -> Autograd.gradients(List.of(x), () -> Tensor.custom(failing, x).sum())));
        assertEquals(before, live());
    }

    private record Case(String name, int[] dims, UnaryOperator<Tensor> op) {}

    private static Case of(String name, UnaryOperator<Tensor> op, int... dims) {
        return new Case(name, dims, op);
    }

    private Case pair(String name, BinaryOperator<Tensor> op) {
        return of(name, a -> step(op.apply(step(a.add(1)), step(a.multiply(a)))), 2, 3);
    }

    /// Notes a tensor that is let go in the end.
    private Tensor step(Tensor tensor) {
        steps.add(tensor);
        return tensor;
    }

    /// Every operation says which elements its gradient reads; the reference backend complains of all others.
    @TestFactory
    Stream<DynamicTest> gradientsReadOnlyWhatTheOperationsSay() {
        var options = Conv2dOptions.defaults().padding(1);
        Tensor image = random(2, 2, 3, 3);
        var cases = new ArrayList<Case>();
        for (Unary function : Unary.values()) {
            cases.add(of(function.name(), a -> a.apply(function, 0.7f), 2, 3));
        }
        cases.addAll(
                List.of(
                        pair("add", Tensor::add),
                        pair("subtract", Tensor::subtract),
                        pair("multiply", Tensor::multiply),
                        pair("divide", Tensor::divide),
                        pair("maximum", Tensor::maximum),
                        pair("minimum", Tensor::minimum),
                        pair("select", (a, b) -> step(a.greaterThan(b)).select(a, b)),
                        pair("linear", Tensor::linear),
                        pair("matmul", (a, b) -> a.matmul(true, b, false)),
                        pair("concatenate", (a, b) -> Tensor.concatenate(1, a, b)),
                        of("sum", a -> a.sum(1), 2, 3),
                        of("mean", a -> a.mean(0), 2, 3),
                        of("max", a -> a.max(1), 2, 3),
                        of("min", Tensor::min, 2, 3),
                        of("permute", Tensor::transpose, 2, 3),
                        of("broadcast", a -> a.broadcastTo(Shape.of(4, 2, 3)), 2, 3),
                        of("slice", a -> a.slice(1, 1, 3), 2, 3),
                        of("pad", a -> a.pad(1, 1, 2, 5), 2, 3),
                        of("reverse", a -> a.reverse(0), 2, 3),
                        of("gather", a -> a.gather(step(ids(1, 0, 1))), 2, 3),
                        of("conv2d", a -> a.conv2d(image, step(a.sum(1, 2, 3)), options), 2, 2, 3, 3),
                        of("conv2d's weight", a -> image.conv2d(a, options), 2, 2, 3, 3),
                        of("convTranspose2d", a -> a.convTranspose2d(image, options, 0), 2, 2, 3, 3),
                        of("convTranspose2d's weight", a -> image.convTranspose2d(a, options, 0), 2, 2, 3, 3),
                        of("maxPool2d", a -> a.maxPool2d(Pool2dOptions.of(2)), 2, 2, 4, 4),
                        of("averagePool2d", a -> a.averagePool2d(Pool2dOptions.of(2)), 2, 2, 4, 4),
                        of("batchNorm", a -> normalized(a, step(a.sum(0, 2)), step(a.mean(0, 2))), 3, 2, 4),
                        of("frozen batchNorm", this::frozen, 3, 2, 4),
                        of("layerNorm", a -> a.layerNorm(step(a.sum(0)), step(a.mean(0)), 0.1f), 3, 4),
                        of("localResponseNorm", a -> a.localResponseNorm(3, 0.1f, 0.7f, 1), 2, 4, 2, 2),
                        of("softmax", Tensor::softmax, 2, 3),
                        of("logSoftmax", Tensor::logSoftmax, 2, 3),
                        of("crossEntropy", a -> a.crossEntropy(step(ids(2, 0)), 0.1f), 2, 3)));
        return cases.stream().map(each -> DynamicTest.dynamicTest(each.name, () -> sameWithout(each)));
    }

    private Tensor random(int... dims) {
        return RandomSource.of(7).uniform(backend, Shape.of(dims), 0.2f, 1);
    }

    private Tensor ids(int... ids) {
        return Tensor.ofInts(backend, Shape.of(ids.length), ids);
    }

    private static Tensor normalized(Tensor a, Tensor scale, Tensor shift) {
        var result = a.batchNorm(scale, shift, 0.1f);
        return result.output();
    }

    private Tensor frozen(Tensor a) {
        Tensor moments = step(a.square().sum(2).slice(0, 0, 2));
        return a.batchNorm(step(a.sum(0, 2)), step(a.mean(0, 2)), step(moments.detach()), 0.1f);
    }

    private void sameWithout(Case each) {
        Tensor leaf = random(each.dims);
        assertArrayEquals(gradient(each, leaf, false), gradient(each, leaf, true));
    }

    private float[] gradient(Case each, Tensor leaf, boolean letsGo) {
        var result = new ArrayList<float[]>();
        Memory.scope(
                () -> {
                    Tensor gradient =
                            Autograd.gradients(
                                            List.of(leaf),
                                            () -> {
                                                steps.clear();
                                                Tensor a = step(leaf.add(0.1f));
                                                Tensor loss = step(each.op.apply(a)).multiply(3).sum();
                                                if (letsGo) {
                                                    steps.forEach(Memory::letGo);
                                                }
                                                return loss;
                                            })
                                    .getFirst();
                    result.add(gradient.toFloats());
                });
        return result.getFirst();
    }
}
