package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// An LSTM of 128 units over sequences of 128 features: the layer alone, of the sizes of the workloads
/// W3 and W3b.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 7, time = 1)
@Fork(1)
@State(Scope.Thread)
public class RecurrentBenchmark {
    private static final int WIDTH = 128;
    private static final int GATES = 4 * WIDTH;

    /// Steps x sequences.
    @Param({"80x32", "200x64"})
    public String size;

    /// Threads that compute.
    @Param({"1", "2"})
    public int threads;

    private Backend backend;
    private int[] lengths;
    private Tensor x;
    private Tensor weightOfLast;
    private Recurrence.State initial;
    private Recurrence.Weights weights;

    /// Makes the operands and checks the last state of a sequence.
    @Setup
    public void prepare() {
        String[] parts = size.split("x");
        int steps = Integer.parseInt(parts[0]);
        int batch = Integer.parseInt(parts[1]);
        backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads));
        lengths = new int[batch];
        Arrays.fill(lengths, steps);
        var random = RandomSource.of(1);
        x = random.uniform(backend, Shape.of(batch, steps, WIDTH), -1, 1);
        weightOfLast = random.uniform(backend, Shape.of(batch, WIDTH), -1, 1);
        Tensor zeros = Tensor.zeros(backend, Shape.of(batch, WIDTH));
        initial = new Recurrence.State(zeros, Optional.of(zeros));
        weights =
                new Recurrence.Weights(
                        random.uniform(backend, Shape.of(GATES, WIDTH), -0.1f, 0.1f),
                        random.uniform(backend, Shape.of(GATES, WIDTH), -0.1f, 0.1f),
                        random.uniform(backend, Shape.of(GATES), -0.1f, 0.1f),
                        Optional.empty());
        check(run().last().hidden().toFloats(), steps, batch / 2);
    }

    private void check(float[] last, int steps, int sequence) {
        float[] inputs = x.toFloats();
        float[] w = weights.input().toFloats();
        float[] u = weights.hidden().toFloats();
        float[] b = weights.bias().toFloats();
        double[] hidden = new double[WIDTH];
        double[] cell = new double[WIDTH];
        for (int step = 0; step < steps; step++) {
            double[] gates = new double[GATES];
            for (int gate = 0; gate < GATES; gate++) {
                gates[gate] = b[gate];
                for (int k = 0; k < WIDTH; k++) {
                    gates[gate] += (double) w[gate * WIDTH + k] * inputs[(sequence * steps + step) * WIDTH + k];
                    gates[gate] += u[gate * WIDTH + k] * hidden[k];
                }
            }
            for (int k = 0; k < WIDTH; k++) {
                double candidate = sigmoid(gates[k]) * Math.tanh(gates[2 * WIDTH + k]);
                cell[k] = sigmoid(gates[WIDTH + k]) * cell[k] + candidate;
                hidden[k] = sigmoid(gates[3 * WIDTH + k]) * Math.tanh(cell[k]);
            }
        }
        for (int k = 0; k < WIDTH; k++) {
            if (Math.abs(last[sequence * WIDTH + k] - hidden[k]) > 1e-4) {
                throw new AssertionError("wrong state of unit " + k);
            }
        }
    }

    private static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    private Recurrence.Result run() {
        return Recurrence.LSTM.run(x, lengths, false, initial, weights);
    }

    /// Frees the backend.
    @TearDown
    public void close() {
        backend.close();
    }

    /// All steps, as at inference.
    @Benchmark
    public void forward() {
        Memory.scope(this::run);
        backend.synchronize();
    }

    /// All steps and back: the gradients of inputs and weights from one of the last state.
    @Benchmark
    public void forwardAndBackward() {
        Memory.scope(
                () ->
                        Autograd.gradients(
                                List.of(x, weights.input(), weights.hidden(), weights.bias()),
                                () -> run().last().hidden().multiply(weightOfLast).sum()));
        backend.synchronize();
    }
}
