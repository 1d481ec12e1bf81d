package lamella.app.imdb.tour;

import static lamella.nn.Layers.dense;

import lamella.array.Shape;
import lamella.layers.rnn.RecurrentLayer;
import lamella.layers.rnn.RecurrentSpec;
import lamella.layers.rnn.RecurrentState;
import lamella.nn.Layer;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.List;

/// A net that reads a piece of a sequence, answers at every step, and can read on later where it stopped: a layer that
/// makes features of each step, a recurrent layer with the memory, and a dense layer that makes the answer.
final class Reader {
    private final Scope scope;
    private final Layer input;
    private final RecurrentLayer memory;
    private final Layer answer;
    private final boolean remembers;

    private Reader(Scope scope, Layer input, RecurrentLayer memory, Layer answer, boolean remembers) {
        this.scope = scope;
        this.input = input;
        this.memory = memory;
        this.answer = answer;
        this.remembers = remembers;
    }

    /// The answers `[N, T, answers]` and the state after the last step.
    record Output(Tensor answers, RecurrentState state) {}

    /// Makes a net.
    ///
    /// @param input makes features `[N, T, features]` of what is read; its parameters are in `scope`
    /// @param answers how many numbers an answer has
    static Reader create(Scope scope, Layer input, int features, RecurrentSpec<?> memory, int answers) {
        return new Reader(
                scope,
                input,
                memory.everyState().build(scope.child("memory"), Shape.of(1, features)),
                dense(answers).build(scope.child("answer"), Shape.of(1, memory.hidden())),
                true);
    }

    /// Returns this net with a memory that is emptied before each step: it sees the present step alone.
    Reader withoutMemory() {
        return new Reader(scope, input, memory, answer, false);
    }

    List<Parameter> parameters() {
        return scope.parameters();
    }

    /// Returns an empty memory.
    RecurrentState begin(int batch) {
        return memory.zeroState(scope.backend(), batch);
    }

    /// Reads T steps.
    ///
    /// @param x `[N, T]` ids, or `[N, T, features]`
    Output read(Tensor x, RecurrentState state) {
        Tensor features = input.forward(x);
        if (remembers) {
            RecurrentLayer.Output read = memory.run(Sequences.of(features), state);
            return new Output(answer.forward(read.sequences().values()), read.state());
        }
        Shape shape = features.shape();
        int steps = shape.dim(0) * shape.dim(1);
        Tensor apart = features.reshape(Shape.of(steps, 1, shape.dim(2)));
        Tensor states = memory.run(Sequences.of(apart), begin(steps)).sequences().values();
        Tensor answers = answer.forward(states.reshape(Shape.of(shape.dim(0), shape.dim(1), states.shape().dim(2))));
        return new Output(answers, state);
    }
}
