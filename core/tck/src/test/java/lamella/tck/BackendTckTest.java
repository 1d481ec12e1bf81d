package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Availability;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;
import lamella.backend.ElementwiseKernels;
import lamella.backend.RecurrentKernels;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The suite fails where it should: each kernel is broken in several ways, one at a time.
final class BackendTckTest {
    private record Group(String accessor, List<KernelCase> cases) {}

    /// The small cases of each group are enough to catch what [Sabotage] does.
    private static Group group(String accessor, Stream<KernelCase> cases) {
        return new Group(accessor, cases.filter(BackendTckTest::small).toList());
    }

    private static boolean small(KernelCase kernelCase) {
        return kernelCase.operands().stream().mapToInt(o -> o.shape().size()).sum() < 5000;
    }

    private static List<Group> groups() {
        return List.of(
                group("elementwise", ElementwiseCases.all()),
                group("reduction", ReductionCases.all()),
                group("matrix", MatrixCases.all()),
                group("convolution", ConvolutionCases.all()),
                group("fused", FusedCases.all()),
                group("pooling", PoolingCases.all()),
                group("normalization", NormalizationCases.all()),
                group("softmax", SoftmaxCases.all()),
                group("layout", LayoutCases.all()),
                group("index", IndexCases.all()),
                group("random", RandomCases.all()),
                group("optimizer", OptimizerCases.all()),
                group("recurrent", RecurrentCases.all()));
    }

    @TestFactory
    Stream<DynamicTest> everyBrokenKernelIsCaught() throws NoSuchMethodException {
        Stream.Builder<DynamicTest> tests = Stream.builder();
        for (Group group : groups()) {
            for (Method kernel : kernels(group.accessor())) {
                for (Sabotage sabotage : Sabotage.values()) {
                    if (sabotage == Sabotage.CHANGES_INPUT && !reads(kernel)) {
                        continue;
                    }
                    tests.add(
                            DynamicTest.dynamicTest(
                                    kernel.getName() + " " + sabotage, () -> assertCaught(group, kernel, sabotage)));
                }
            }
        }
        return tests.build();
    }

    /// Returns the kernels of a group, whose accessor may return an [java.util.Optional].
    private static List<Method> kernels(String accessor) throws NoSuchMethodException {
        Method method = Backend.class.getMethod(accessor);
        boolean optional = method.getGenericReturnType() instanceof ParameterizedType;
        Class<?> group = optional ? RecurrentKernels.class : method.getReturnType();
        return Arrays.stream(group.getMethods()).filter(kernel -> kernel.getReturnType() == void.class).toList();
    }

    /// Kernels that only write have no operand to damage.
    private static boolean reads(Method kernel) {
        return kernel.getDeclaringClass() == RecurrentKernels.class
                || Arrays.stream(kernel.getParameterTypes()).filter(View.class::equals).count() > 1
                || kernel.getName().equals("concatenate");
    }

    /// A wrong last bit is within every tolerance but that of exact kernels; what catches it is the
    /// comparison with the backend that has another number of threads.
    private static void assertCaught(Group group, Method kernel, Sabotage sabotage) {
        try (Backend broken = sabotage.of(group.accessor(), kernel);
                Backend sound = ReferenceBackend.create()) {
            var runner = new CaseRunner(sabotage == Sabotage.WRONG_LAST_BIT ? List.of(sound, broken) : List.of(broken));
            assertTrue(
                    group.cases().stream().anyMatch(c -> fails(runner, c)),
                    kernel.getName() + " passes the suite with " + sabotage);
        }
    }

    private static boolean fails(CaseRunner runner, KernelCase kernelCase) {
        try {
            runner.check(kernelCase);
            return false;
        } catch (AssertionFailedError e) {
            return true;
        }
    }

    @Test
    void aBackendNeedNotHaveFusedKernels() {
        var tck =
                new BackendTck() {
                    @Override
                    protected Backend open(BackendOptions options) {
                        return ReferenceBackend.withoutFusedKernels();
                    }
                };
        tck.openBackends();
        for (Executable tests : List.<Executable>of(tck::recurrent, tck::recurrence)) {
            assertEquals(
                    "Assumption failed: backend 'reference' has no fused recurrent kernels, which are optional",
                    assertThrows(TestAbortedException.class, tests).getMessage());
        }
        tck.closeBackends();
    }

    @Test
    void saysWhichElementIsWrongAndByHowMuch() throws NoSuchMethodException {
        Method kernel = ElementwiseKernels.class.getMethod("fill", View.class, float.class);
        KernelCase fill =
                KernelCase.of(
                        "fill", Tolerance.relative(4), (b, v) -> b.elementwise().fill(v.get(0), 3), Operand.out(2, 3));
        var runner = new CaseRunner(List.of(Sabotage.WRONG_VALUE.of("elementwise", kernel)));
        assertEquals(
                "fill: element [1, 2] of operand 0 [2, 3] differs by 0.00400, allowed 7.15e-07"
                        + " ==> expected: <3.0> but was: <3.003999948501587>",
                assertThrows(AssertionFailedError.class, () -> runner.check(fill)).getMessage());
    }

    @Test
    void saysWhereAWriteOutsideTheResultWent() throws NoSuchMethodException {
        Method kernel = ElementwiseKernels.class.getMethod("fill", View.class, float.class);
        KernelCase fill =
                KernelCase.of(
                        "fill", Tolerance.exact(), (b, v) -> b.elementwise().fill(v.get(0), 3), Operand.out(2, 3));
        var runner = new CaseRunner(List.of(Sabotage.WRITES_BEYOND.of("elementwise", kernel)));
        assertEquals(
                "fill: wrote to element 6 of operand 0 [2, 3], which is outside"
                        + " ==> expected: <7fc00000> but was: <449a5000>",
                assertThrows(AssertionFailedError.class, () -> runner.check(fill)).getMessage());
    }

    @Test
    void anElementThatIsNotWrittenIsCaught() {
        KernelCase nothing =
                KernelCase.of(
                        "nothing",
                        Tolerance.relative(1),
                        (b, v) -> {
                            if (!(b instanceof ReferenceBackend)) {
                                return;
                            }
                            b.elementwise().fill(v.get(0).rows(0, 1), 1);
                        },
                        Operand.out(2, 2));
        var runner = new CaseRunner(List.of(ReferenceBackend.create()));
        var expected = new CaseRunner.Expectation(new double[][] {{1, 1, 1, 1}}, new double[1][4]);
        assertEquals(
                "nothing: element [1, 0] of operand 0 [2, 2] differs by NaN, allowed 0.00"
                        + " ==> expected: <1.0> but was: <NaN>",
                assertThrows(AssertionFailedError.class, () -> runner.check(nothing, expected)).getMessage());
    }

    @Test
    void aBackendThatCannotRunIsSkippedWithTheReason() {
        var unavailable = new Availability.Unavailable("libtpu.so was not found");
        assertEquals(
                "backend 'tpu' cannot run here: libtpu.so was not found",
                assertThrows(
                                TestAbortedException.class,
                                () -> BackendTck.requireAvailable("tpu", unavailable, "cpu,cuda"))
                        .getMessage());
    }

    @Test
    void otherTestsOfABackendAskItsProvider() {
        var provider =
                new BackendProvider() {
                    @Override
                    public String name() {
                        return "tpu";
                    }

                    @Override
                    public Availability probe() {
                        return new Availability.Unavailable("libtpu.so was not found");
                    }

                    @Override
                    public Backend open(BackendOptions options) {
                        throw new AssertionError("opened");
                    }
                };
        assertEquals(
                "backend 'tpu' cannot run here: libtpu.so was not found",
                assertThrows(TestAbortedException.class, () -> BackendTck.requireAvailable(provider)).getMessage());
    }

    @Test
    void aRequiredBackendThatCannotRunFails() {
        var unavailable = new Availability.Unavailable("libtpu.so was not found");
        assertEquals(
                "backend 'tpu' cannot run here: libtpu.so was not found; tck.required=cpu,tpu",
                assertThrows(
                                AssertionFailedError.class,
                                () -> BackendTck.requireAvailable("tpu", unavailable, "cpu,tpu"))
                        .getMessage());
        BackendTck.requireAvailable("cpu", new Availability.Available("8 cores"), "cpu,tpu");
    }

    @Test
    void specialValuesAreComparedAsTheyAre() {
        assertTrue(CaseRunner.near(Double.NaN, 1, Float.NaN));
        assertTrue(!CaseRunner.near(Double.NaN, 1, 0));
        assertTrue(!CaseRunner.near(1, 1, Float.NaN));
        assertTrue(CaseRunner.near(1e300, 1, Float.POSITIVE_INFINITY)); // rounds to infinity
        assertTrue(!CaseRunner.near(1e300, 1, Float.MAX_VALUE));
        assertTrue(!CaseRunner.near(Double.NEGATIVE_INFINITY, 1, Float.POSITIVE_INFINITY));
        assertTrue(!CaseRunner.near(0.0, 0, -0.0f));
        assertTrue(CaseRunner.near(0.0, 1, -0.0f));
        assertTrue(CaseRunner.near(0.1, 0, 0.1f));
        assertTrue(!CaseRunner.near(0.1, 0, Math.nextUp(0.1f)));
    }

    @Test
    void boundOfASumGrowsWithItsTerms() {
        KernelCase sum =
                KernelCase.of(
                        "sum",
                        Tolerance.sum(4),
                        (b, v) -> b.reduction().reduce(Reduction.SUM, v.get(0), new int[] {0}, v.get(1)),
                        Operand.of(Shape.of(4), 100, -100, 50, -50),
                        Operand.out());
        double[] allowed = sum.tolerance().allowed(sum, 1, new double[] {0});
        // 8 + 4 √4 roundings of 100 + 100 + 50 + 50
        assertEquals(16 * 300 * 0x1p-24, allowed[0], 1e-12);
    }
}
