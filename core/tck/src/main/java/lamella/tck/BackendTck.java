package lamella.tck;

import lamella.backend.Availability;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What every backend must pass: its test is a subclass that opens it.
///
/// Each kernel case runs on the backend with 1, 2 and 3 threads. Its results are compared with
/// those of [ReferenceBackend], within a tolerance that the case states, and with each other, bit
/// by bit.
///
/// A backend whose provider says that it cannot run here is skipped with the reason, unless the
/// system property `tck.required` (names with commas between) lists it: then it fails.
///
/// {@snippet :
/// final class TpuBackendTckTest extends BackendTck {
///     @Override
///     protected Optional<BackendProvider> provider() {
///         return Optional.of(new TpuProvider());
///     }
///
///     @Override
///     protected Backend open(BackendOptions options) {
///         return new TpuProvider().open(options);
///     }
/// }
/// }
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendTck {
    private final List<Backend> backends = new ArrayList<>();

    /// For subclasses.
    protected BackendTck() {}

    /// Opens the backend under test; called several times, and every backend is closed.
    protected abstract Backend open(BackendOptions options);

    /// Returns the provider that is asked whether the backend can run here; empty for a backend
    /// that always can.
    protected Optional<BackendProvider> provider() {
        return Optional.empty();
    }

    @BeforeAll
    final void openBackends() {
        provider().ifPresent(BackendTck::requireAvailable);
        for (int threads = 1; threads <= 3; threads++) {
            backends.add(open(BackendOptions.defaults().threads(threads)));
        }
    }

    /// Skips the test where the backend cannot run, with the reason, or fails it where `tck.required` lists
    /// the backend: for other tests of a backend, by this suite's rule.
    public static void requireAvailable(BackendProvider provider) {
        requireAvailable(provider.name(), provider.probe(), System.getProperty("tck.required", ""));
    }

    /// Skips the class, or fails it where the backend is required.
    static void requireAvailable(String name, Availability availability, String required) {
        if (availability instanceof Availability.Unavailable(String reason)) {
            String message = "backend '" + name + "' cannot run here: " + reason;
            if (Arrays.asList(required.split(",")).contains(name)) {
                Assertions.fail(message + "; tck.required=" + required);
            }
            Assumptions.abort(message);
        }
    }

    @AfterAll
    final void closeBackends() {
        backends.forEach(Backend::close);
    }

    private Stream<DynamicTest> tests(Stream<KernelCase> cases) {
        var runner = new CaseRunner(backends);
        return cases.map(c -> DynamicTest.dynamicTest(c.name(), () -> runner.check(c)));
    }

    @TestFactory
    final Stream<DynamicTest> elementwise() {
        return tests(ElementwiseCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> matrix() {
        return tests(MatrixCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> convolution() {
        return tests(ConvolutionCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> fused() {
        return tests(FusedCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> reduction() {
        return tests(ReductionCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> pooling() {
        return tests(PoolingCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> normalization() {
        return tests(NormalizationCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> softmax() {
        return tests(SoftmaxCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> layout() {
        return tests(LayoutCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> index() {
        return tests(IndexCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> random() {
        return tests(RandomCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> recurrent() {
        requireFused();
        return tests(RecurrentCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> recurrence() {
        requireFused();
        return new RecurrenceTests(backends.getLast()).all();
    }

    /// Skips what only a backend with fused recurrent kernels can pass: none need have them.
    private void requireFused() {
        Backend backend = backends.getFirst();
        Assumptions.assumeTrue(
                backend.recurrent().isPresent(),
                () -> "backend '" + backend.name() + "' has no fused recurrent kernels, which are optional");
    }

    @TestFactory
    final Stream<DynamicTest> optimizer() {
        return tests(OptimizerCases.all());
    }

    @TestFactory
    final Stream<DynamicTest> indexErrors() {
        return new IndexErrorTests(backends.getLast()).all();
    }

    @TestFactory
    final Stream<DynamicTest> properties() {
        return new PropertyTests(backends.getLast()).all();
    }

    @TestFactory
    final Stream<DynamicTest> memory() {
        return new MemoryTests(this::open).all();
    }

    @Test
    final void givesThePrintedMapsOfTheWorkedExample() {
        GoldenTests.checkX(backends.getLast());
    }

    @Test
    final void servesTwoThreadsAtOnce() throws Exception {
        ConcurrencyTests.check(backends.getLast());
    }

    @Test
    final void saysWhatItIs() {
        for (Backend backend : backends) {
            Assertions.assertFalse(backend.name().isBlank());
            Assertions.assertFalse(backend.device().isBlank());
            Assertions.assertTrue(backend.threads() >= 1);
        }
        provider().ifPresent(p -> Assertions.assertEquals(p.name(), backends.getFirst().name()));
    }
}
