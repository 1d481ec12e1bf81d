package lamella.app.imdb.tour;

import lamella.layers.rnn.RecurrentState;
import lamella.nn.Loss;
import lamella.optim.Clip;
import lamella.optim.Optimizer;
import lamella.optim.OptimizerSpec;
import lamella.optim.Schedule;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import java.util.List;

/// Backpropagation through time, cut off at the borders of stretches: long sequences are read stretch by stretch, the
/// state is carried on, the gradient is not.
///
/// Source: Williams and Peng, "An efficient gradient-based algorithm for on-line training of recurrent network
/// trajectories", Neural Computation 1990.
final class TruncatedTraining {
    private static final Clip CLIP = Clip.byNorm(1);

    private final Reader reader;
    private final Loss loss;
    private final Optimizer optimizer;
    private final Schedule schedule;
    private RecurrentState state;

    TruncatedTraining(Reader reader, Loss loss, OptimizerSpec recipe, Schedule schedule) {
        this.reader = reader;
        this.loss = loss;
        optimizer = Optimizer.of(recipe, reader.parameters());
        this.schedule = schedule;
    }

    /// A piece of N sequences.
    ///
    /// @param input what is read at its T steps, `[N, T]` or `[N, T, features]`
    /// @param target what the answers should be
    record Stretch(Tensor input, Tensor target) {}

    /// Learns from sequences, once from their beginning to their end.
    ///
    /// @param stretches one after the other, all of the same sequences
    void pass(List<Stretch> stretches) {
        state = reader.begin(stretches.getFirst().input().shape().dim(0));
        for (Stretch stretch : stretches) {
            Memory.scope(() -> step(stretch));
        }
    }

    private void step(Stretch stretch) {
        Gradients gradients = Autograd.differentiate(reader.parameters(), () -> loss(stretch));
        optimizer.step(CLIP.apply(gradients), schedule.at(optimizer.spec().learningRate(), optimizer.steps()));
        state = state.detach().keep();
    }

    /// Reads a stretch, which moves the state on.
    private Tensor loss(Stretch stretch) {
        Reader.Output output = reader.read(stretch.input(), state);
        state = output.state();
        return loss.of(output.answers(), stretch.target());
    }
}
