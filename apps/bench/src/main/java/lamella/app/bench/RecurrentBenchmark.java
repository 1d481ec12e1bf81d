package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.RecurrentKernels;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Recurrent layers alone, of the sizes of the workloads W3, W3b and W5, and awkward ones.
public class RecurrentBenchmark extends KernelBenchmark {
    /// The kind of cell.
    @Param({"LSTM", "GRU", "RNN_TANH"})
    public RecurrentKernels.Cell cell;

    /// Steps x sequences x features x units.
    @Param({"80x32x128x128", "200x64x128x128", "20x32x256x512", "13x7x11x17", "1x1x128x128", "10007x1x3x5"})
    public String size;

    private Backend backend;
    private int[] lengths;
    private Tensor x;
    private Tensor weightOfLast;
    private Recurrence recurrence;
    private Recurrence.State initial;
    private Recurrence.Weights weights;

    /// Makes the operands and checks the last state of a sequence.
    @Setup
    public void prepare() {
        backend = open();
        int[] extents = extents(size);
        int steps = extents[0];
        int batch = extents[1];
        int inputs = extents[2];
        int units = extents[3];
        recurrence = Recurrence.valueOf(cell.name());
        lengths = new int[batch];
        Arrays.fill(lengths, steps);
        x = noise(Shape.of(batch, steps, inputs));
        weightOfLast = noise(Shape.of(batch, units));
        Tensor zeros = zeros(Shape.of(batch, units));
        initial = new Recurrence.State(zeros, cell.hasCell() ? Optional.of(zeros) : Optional.empty());
        weights =
                new Recurrence.Weights(
                        small(Shape.of(cell.gates() * units, inputs)),
                        small(Shape.of(cell.gates() * units, units)),
                        small(Shape.of(cell.gates() * units)),
                        cell.hasCandidateBias() ? Optional.of(small(Shape.of(units))) : Optional.empty());
        double[] expected = lastState(steps, batch / 2, inputs, units);
        float[] last = run().last().hidden().toFloats();
        for (int k = 0; k < units; k++) {
            check(expected[k], last[batch / 2 * units + k], "state of unit " + k);
        }
    }

    private Tensor small(Shape shape) {
        return noise(shape).multiply(0.1f);
    }

    /// Runs one sequence step by step.
    private double[] lastState(int steps, int sequence, int inputs, int units) {
        float[] in = x.toFloats();
        float[] w = weights.input().toFloats();
        float[] u = weights.hidden().toFloats();
        float[] b = weights.bias().toFloats();
        float[] d = weights.candidateBias().map(Tensor::toFloats).orElseGet(() -> new float[units]);
        double[] hidden = new double[units];
        double[] memory = new double[units];
        for (int step = 0; step < steps; step++) {
            double[] ofInput = new double[b.length];
            double[] ofHidden = new double[b.length];
            for (int gate = 0; gate < b.length; gate++) {
                ofInput[gate] = b[gate];
                for (int k = 0; k < inputs; k++) {
                    ofInput[gate] += (double) w[gate * inputs + k] * in[(sequence * steps + step) * inputs + k];
                }
                for (int k = 0; k < units; k++) {
                    ofHidden[gate] += u[gate * units + k] * hidden[k];
                }
            }
            for (int k = 0; k < units; k++) {
                double first = ofInput[k] + ofHidden[k];
                switch (cell) {
                    case RNN_TANH -> hidden[k] = Math.tanh(first);
                    case RNN_RELU -> hidden[k] = Math.max(first, 0);
                    case LSTM -> {
                        double candidate = Math.tanh(ofInput[2 * units + k] + ofHidden[2 * units + k]);
                        double kept = sigmoid(ofInput[units + k] + ofHidden[units + k]) * memory[k];
                        memory[k] = kept + sigmoid(first) * candidate;
                        hidden[k] = sigmoid(ofInput[3 * units + k] + ofHidden[3 * units + k]) * Math.tanh(memory[k]);
                    }
                    case GRU -> {
                        double reset = sigmoid(first) * (ofHidden[2 * units + k] + d[k]);
                        double candidate = Math.tanh(ofInput[2 * units + k] + reset);
                        double update = sigmoid(ofInput[units + k] + ofHidden[units + k]);
                        hidden[k] = (1 - update) * candidate + update * hidden[k];
                    }
                }
            }
        }
        return hidden;
    }

    private static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    private Recurrence.Result run() {
        return recurrence.run(x, lengths, false, initial, weights);
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
