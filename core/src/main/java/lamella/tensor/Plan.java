package lamella.tensor;

import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A computation that was done once and is done again for other elements of its input: the same kernels on the same
/// arrays. No shape is checked again, no array is allocated, nothing is recorded, and what does not depend on the input
/// is not computed again. For the answer to one example this is most of the time beside the arithmetic.
///
/// {@snippet :
/// Plan plan = Plan.of(x, t -> t.linear(weight, bias).relu()).orElseThrow();
/// x.backend().upload(pixels, 0, plan.input().view());
/// plan.run();
/// x.backend().download(plan.output().view(), logits, 0);
/// }
///
/// It uses the tensors that the computation used, so that a weight that changes has its effect, but not an array that
/// was computed from weights alone. One thread at a time may run it.
public final class Plan {
    private final Backend backend;
    private final Tensor input;
    private final Tensor output;
    private final Trace.Step[] steps;

    private Plan(Tensor input, Tensor output, List<Trace.Step> steps) {
        this.backend = input.backend();
        this.input = input;
        this.output = output;
        this.steps = steps.toArray(Trace.Step[]::new);
    }

    /// Runs a computation and plans it. Empty if it cannot be repeated from its operations: it read elements on the
    /// host, or drew random numbers. It must use operations of tensors alone, not kernels of the backend.
    ///
    /// @param input must belong to no memory scope that closes before the last run
    public static Optional<Plan> of(Tensor input, UnaryOperator<Tensor> computation) {
        var trace = new Trace();
        Tensor output = trace.follow(input, computation);
        return trace.repeatable() ? Optional.of(new Plan(input, output, trace.steps())) : Optional.empty();
    }

    /// Returns what the next run computes from; its elements are there to be replaced.
    public Tensor input() {
        return input;
    }

    /// Returns what the last run computed; the next one overwrites it.
    public Tensor output() {
        return output;
    }

    /// Computes the output.
    public void run() {
        for (Trace.Step step : steps) {
            List<View> in = step.in();
            step.op().forward(backend, in, step.out());
        }
    }
}
