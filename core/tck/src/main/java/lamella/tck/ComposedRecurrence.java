package lamella.tck;

import lamella.array.Shape;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.Optional;

/// A recurrent cell written in tensor operations, step by step.
record ComposedRecurrence(Recurrence kind) {
    /// Runs all steps, as [Recurrence#run] does.
    Recurrence.Result run(
            Tensor x, int[] lengths, boolean reverse, Recurrence.State initial, Recurrence.Weights weights) {
        int batch = x.shape().dim(0);
        int steps = x.shape().dim(1);
        int hidden = initial.hidden().shape().dim(1);
        Tensor[] states = new Tensor[steps];
        Recurrence.State state = initial;
        for (int i = 0; i < steps; i++) {
            int step = reverse ? steps - 1 - i : i;
            Tensor input = x.slice(1, step, step + 1).reshape(Shape.of(batch, x.shape().dim(2)));
            Tensor runs = runs(x, lengths, step);
            Recurrence.State after = step(input, state, weights);
            states[step] = after.hidden().multiply(runs).reshape(Shape.of(batch, 1, hidden));
            Recurrence.State before = state;
            state =
                    new Recurrence.State(
                            where(runs, after.hidden(), before.hidden()),
                            after.cell().map(c -> where(runs, c, before.cell().orElseThrow())));
        }
        return new Recurrence.Result(Tensor.concatenate(1, states), state);
    }

    /// Returns `[N, 1]`: 1 for the sequences that have this step, 0 for the others.
    private static Tensor runs(Tensor x, int[] lengths, int step) {
        float[] runs = new float[lengths.length];
        for (int n = 0; n < runs.length; n++) {
            runs[n] = step < lengths[n] ? 1 : 0;
        }
        return Tensor.of(x.backend(), Shape.of(runs.length, 1), runs);
    }

    private static Tensor where(Tensor runs, Tensor yes, Tensor no) {
        return yes.multiply(runs).add(no.multiply(oneMinus(runs)));
    }

    private static Tensor oneMinus(Tensor x) {
        return x.negate().add(1);
    }

    private Recurrence.State step(Tensor x, Recurrence.State state, Recurrence.Weights weights) {
        Tensor h = state.hidden();
        Tensor[] a = gates(x.linear(weights.input(), weights.bias()));
        Tensor[] u = gates(h.linear(weights.hidden()));
        return switch (kind) {
            case RNN_TANH -> new Recurrence.State(a[0].add(u[0]).tanh(), Optional.empty());
            case RNN_RELU -> new Recurrence.State(a[0].add(u[0]).relu(), Optional.empty());
            case LSTM -> {
                Tensor input = a[0].add(u[0]).sigmoid();
                Tensor forget = a[1].add(u[1]).sigmoid();
                Tensor candidate = a[2].add(u[2]).tanh();
                Tensor output = a[3].add(u[3]).sigmoid();
                Tensor c = forget.multiply(state.cell().orElseThrow()).add(input.multiply(candidate));
                yield new Recurrence.State(output.multiply(c.tanh()), Optional.of(c));
            }
            case GRU -> {
                Tensor reset = a[0].add(u[0]).sigmoid();
                Tensor update = a[1].add(u[1]).sigmoid();
                Tensor product = u[2].add(weights.candidateBias().orElseThrow());
                Tensor candidate = a[2].add(reset.multiply(product)).tanh();
                yield new Recurrence.State(
                        oneMinus(update).multiply(candidate).add(update.multiply(h)), Optional.empty());
            }
        };
    }

    private Tensor[] gates(Tensor stacked) {
        int size = stacked.shape().dim(1) / kind.gates();
        Tensor[] gates = new Tensor[kind.gates()];
        Arrays.setAll(gates, i -> stacked.slice(1, i * size, (i + 1) * size));
        return gates;
    }
}
