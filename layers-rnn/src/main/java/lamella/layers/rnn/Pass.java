package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.nn.Mode;
import lamella.nn.Sequences;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.Result;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Sequences through one cell in one direction: by fused kernels where there are some, else step by step.
///
/// @param recurrentDropout probability of dropping a hidden unit of a sequence, as the gates see it
record Pass(RecurrentCell cell, boolean reverse, float recurrentDropout) {
    /// Runs all steps.
    ///
    /// @param x `[N, T, in]`
    Result run(Sequences x, State initial) {
        boolean drops = recurrentDropout > 0 && Mode.training();
        if (!drops && cell.fused().isPresent() && Recurrence.isFused(x.values().backend())) {
            RecurrentCell.Fused fused = cell.fused().get();
            return fused.recurrence().run(x.values(), x.stepCounts(), reverse, initial, fused.weights());
        }
        return stepByStep(x, initial, drops ? Optional.of(kept(initial.hidden())) : Optional.empty());
    }

    /// Returns what recurrent dropout keeps of each hidden unit, at all steps, scaled such that the mean stays.
    private Tensor kept(Tensor hidden) {
        float keep = 1 - recurrentDropout;
        return Mode.random().bernoulli(hidden.backend(), hidden.shape(), keep).multiply(1 / keep);
    }

    private Result stepByStep(Sequences x, State initial, Optional<Tensor> kept) {
        // With 0 in the padding: what lies there may be NaN, and so would its product with a gradient of 0 be.
        List<Tensor> projected = Steps.cut(cell.project(x.masked()));
        Optional<List<Tensor>> present = present(x);
        Tensor[] states = new Tensor[projected.size()];
        State state = initial;
        for (int i = 0; i < states.length; i++) {
            int t = reverse ? states.length - 1 - i : i;
            Tensor before = state.hidden();
            State next = cell.advance(projected.get(t), kept.map(before::multiply).orElse(before), state);
            state = present.isPresent() ? choose(present.get().get(t), next, state) : next;
            states[t] = present.isPresent() ? zeroUnless(present.get().get(t), next.hidden()) : next.hidden();
        }
        return new Result(states.length == 0 ? empty(initial) : Steps.join(Arrays.asList(states)), state);
    }

    /// Returns `[N, 1]` for each step: 1 where a sequence has it, 0 in the padding; empty where nothing is padded.
    private static Optional<List<Tensor>> present(Sequences x) {
        if (!x.isPadded()) {
            return Optional.empty();
        }
        Tensor mask = x.mask();
        return Optional.of(Steps.cut(mask.reshape(mask.shape().append(1))));
    }

    private static State choose(Tensor present, State next, State before) {
        Tensor condition = present.broadcastTo(before.hidden().shape());
        return new State(
                condition.select(next.hidden(), before.hidden()),
                next.cell().map(cell -> condition.select(cell, before.cell().orElseThrow())));
    }

    private static Tensor zeroUnless(Tensor present, Tensor hidden) {
        return present.broadcastTo(hidden.shape()).select(hidden, Tensor.zeros(hidden.backend(), hidden.shape()));
    }

    private static Tensor empty(State initial) {
        Shape shape = initial.hidden().shape();
        return Tensor.zeros(initial.hidden().backend(), Shape.of(shape.dim(0), 0, shape.dim(1)));
    }
}
