package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// What an operation costs beside its arithmetic: chains of operations on tensors of one element, in a memory scope as
/// a training step has it. Forward alone, forward on a tape, and forward and backward; times are those of one operation
/// of the chain, so that the last is the sum of the operation and its gradient.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
@State(Scope.Thread)
public class OverheadBenchmark {
    /// Operations of a chain: that of the scope and the tape itself are a small part.
    private static final int CHAIN = 100;

    /// The operation of which the chain is made.
    @Param({"add", "multiply", "relu", "matmul"})
    public String operation;

    private Backend backend;
    private Tensor start;
    private UnaryOperator<Tensor> step;

    /// Makes the operands and checks that a chain computes what it should.
    @Setup
    public void prepare() {
        backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(1));
        start = Tensor.of(backend, Shape.of(1, 1), 1);
        Tensor half = Tensor.of(backend, Shape.of(1, 1), 0.5f);
        step =
                switch (operation) {
                    case "add" -> x -> x.add(half);
                    case "multiply" -> x -> x.multiply(half);
                    case "relu" -> Tensor::relu;
                    default -> x -> x.matmul(half);
                };
        float expected =
                switch (operation) {
                    case "add" -> 51;
                    case "relu" -> 1;
                    default -> 0x1p-100f;
                };
        float actual = chain(start).item();
        if (actual != expected) {
            throw new AssertionError(operation + " gives " + actual + ", expected " + expected);
        }
    }

    private Tensor chain(Tensor x) {
        Tensor y = x;
        for (int i = 0; i < CHAIN; i++) {
            y = step.apply(y);
        }
        return y;
    }

    /// Nothing is recorded.
    @Benchmark
    @OperationsPerInvocation(CHAIN)
    public void forward() {
        Memory.scope(() -> chain(start));
    }

    /// Every operation is recorded; the walk back has nothing to do, as the result is a constant.
    @Benchmark
    @OperationsPerInvocation(CHAIN)
    public void recorded() {
        Memory.scope(() -> Autograd.gradients(List.of(start), () -> chain(start).detach()));
    }

    /// Every operation is recorded, and has its gradient computed.
    @Benchmark
    @OperationsPerInvocation(CHAIN)
    public void forwardAndBackward() {
        Memory.scope(() -> Autograd.gradients(List.of(start), () -> chain(start)));
    }

    /// Ends the backend's threads.
    @TearDown
    public void close() {
        backend.close();
    }
}
