package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.backend.Backend;
import lamella.backend.RecurrentKernels;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.View;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;

/// What kernels may do wrong beside their results is caught too.
final class RecurrentRunTest {
    private static final RecurrentRun RUN = RecurrentRun.full(Cell.LSTM, 4, 5, 3, 2).mixed();

    /// The reference kernels, wrong in a way of the test's choice.
    private static class Reckless implements RecurrentKernels {
        final RecurrentKernels kernels = new ReferenceRecurrent();

        @Override
        public int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden) {
            return kernels.reserveSize(cell, batch, steps, inputs, hidden);
        }

        @Override
        public void forward(Run run, Pass values, Optional<View> reserve) {
            kernels.forward(run, values, reserve);
        }

        @Override
        public void gradient(Run run, Pass values, View reserve, Pass gradients) {
            kernels.gradient(run, values, reserve, gradients);
        }
    }

    private static Backend backend(RecurrentKernels kernels) {
        var reference = ReferenceBackend.create();
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (_, method, arguments) ->
                                method.getName().equals("recurrent")
                                        ? Optional.of(kernels)
                                        : method.invoke(reference, arguments));
    }

    private static void assertCaught(String message, RecurrentKernels kernels) {
        var runner = new CaseRunner(List.of(backend(kernels)));
        KernelCase both = RecurrentCases.forwardAndBack(RUN);
        assertEquals(message, assertThrows(AssertionFailedError.class, () -> runner.check(both)).getMessage());
    }

    @Test
    void lengthsGoFromZeroToAllSteps() {
        assertArrayEquals(new int[] {3, 0, 5, 0}, RUN.lengths());
        assertEquals("LSTM [4, 5, 3] to 2, lengths [3, 0, 5, 0], reversed", RUN.reversed().toString());
        assertEquals("GRU [1, 2, 3] to 4", RecurrentRun.full(Cell.GRU, 1, 2, 3, 4).toString());
    }

    @Test
    void catchesAWriteBehindTheReserve() {
        assertCaught(
                "wrote behind the reserve ==> expected: <77.25> but was: <0.0>",
                new Reckless() {
                    @Override
                    public void forward(Run run, Pass values, Optional<View> reserve) {
                        kernels.forward(run, values, reserve);
                        reserve.ifPresent(r -> ReferenceStorage.doubles(r)[r.offset() + r.size()] = 0);
                    }
                });
    }

    @Test
    void catchesAWriteBeforeTheReserve() {
        assertCaught(
                "wrote before the reserve ==> expected: <77.25> but was: <0.0>",
                new Reckless() {
                    @Override
                    public void gradient(Run run, Pass values, View reserve, Pass gradients) {
                        kernels.gradient(run, values, reserve, gradients);
                        ReferenceStorage.doubles(reserve)[reserve.offset() - 1] = 0;
                    }
                });
    }

    @Test
    void catchesChangedLengths() {
        assertCaught(
                "the lengths were changed ==> array contents differ at index [1], expected: <0> but was: <7>",
                new Reckless() {
                    @Override
                    public void gradient(Run run, Pass values, View reserve, Pass gradients) {
                        kernels.gradient(run, values, reserve, gradients);
                        run.lengths()[1] = 7;
                    }
                });
    }

    @Test
    void catchesAReadOfThePadding() {
        assertCaught(
                "forward and back, LSTM [4, 5, 3] to 2, lengths [3, 0, 5, 0]: element [0, 3, 0] of operand 6 [4, 5, 2]"
                        + " differs by NaN, allowed 2.37e-06 ==> expected: <0.0> but was: <NaN>",
                new Reckless() {
                    @Override
                    public void forward(Run run, Pass values, Optional<View> reserve) {
                        kernels.forward(new Run(run.cell(), run.reverse(), new int[] {5, 5, 5, 5}), values, reserve);
                    }
                });
    }
}
