package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.nn.Dropout;
import lamella.nn.Layer;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Recurrence.Result;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/// A built recurrent layer: [Rnn], [Lstm] or [Gru].
///
/// In a model, sequences begin with the state 0. By itself it takes the initial state and gives back the last one, so
/// that a long sequence can be read in pieces. Detached between the pieces, the state passes on values but no
/// gradient: truncated backpropagation through time.
///
/// {@snippet :
/// Scope scope = Scope.root("reader", backend, RandomSource.of(1));
/// RecurrentLayer reader = lstm(64).everyState().build(scope, Shape.of(50, 32));
/// RecurrentState state = reader.zeroState(backend, 16);
/// for (Tensor piece : pieces) {                                      // [16, 50, 32]
///     RecurrentLayer.Output out = reader.run(Sequences.of(piece), state);
///     state = out.state().detach();
/// }
/// }
public final class RecurrentLayer implements SequenceLayer {
    private final String kind;
    private final int inputs;
    private final RecurrentOptions options;
    private final List<List<Pass>> layers;
    private final Layer dropout;

    private RecurrentLayer(String kind, int inputs, RecurrentOptions options, List<List<Pass>> layers, Layer dropout) {
        this.kind = kind;
        this.inputs = inputs;
        this.options = options;
        this.layers = layers;
        this.dropout = dropout;
    }

    /// What comes out.
    ///
    /// @param sequences `[N, T, H]` with the input's lengths where every state is asked for, else `[N, H]`; 2H where two
    ///     directions are concatenated
    /// @param state the state of each layer and direction after the last step that it read
    public record Output(Sequences sequences, RecurrentState state) {}

    static RecurrentLayer create(RecurrentSpec<?> spec, Scope scope, Shape input) {
        RecurrentOptions options = spec.options();
        if (options.layers() == 1 && options.dropout() > 0) {
            throw new IllegalArgumentException(spec.kind() + ": dropout acts between layers, but there is 1 layer");
        }
        int inputs = input.dim(-1);
        boolean doubled = options.direction() == Direction.BOTH && options.merge() == Merge.CONCATENATE;
        int outputs = doubled ? 2 * spec.hidden() : spec.hidden();
        var layers = new ArrayList<List<Pass>>();
        for (int i = 1; i <= options.layers(); i++) {
            Scope layer = options.layers() == 1 ? scope : scope.child("layer" + i);
            layers.add(passes(spec, layer, i == 1 ? inputs : outputs));
        }
        Layer dropout = new Dropout(options.dropout()).build(scope, input);
        return new RecurrentLayer(spec.kind(), inputs, options, List.copyOf(layers), dropout);
    }

    private static List<Pass> passes(RecurrentSpec<?> spec, Scope scope, int inputs) {
        RecurrentOptions options = spec.options();
        if (options.direction() != Direction.BOTH) {
            boolean reverse = options.direction() == Direction.BACKWARD;
            return List.of(new Pass(spec.cell(scope, inputs), reverse, options.recurrentDropout()));
        }
        return List.of(
                new Pass(spec.cell(scope.child("forward"), inputs), false, options.recurrentDropout()),
                new Pass(spec.cell(scope.child("backward"), inputs), true, options.recurrentDropout()));
    }

    /// Returns the state in which sequences begin: zeros.
    ///
    /// @param batch their number, N
    public RecurrentState zeroState(Backend backend, int batch) {
        return new RecurrentState(
                layers.stream().flatMap(List::stream).map(pass -> pass.cell().zeroState(backend, batch)).toList());
    }

    @Override
    public Sequences forward(Sequences x) {
        requireSequences(x);
        return run(x, zeroState(x.values().backend(), x.values().shape().dim(0))).sequences();
    }

    /// Runs sequences from a state on. A sequence of length 0 leaves it as it is.
    ///
    /// @param x `[N, T, in]`
    /// @param initial the state before the first step: in the backward direction, before the last
    /// @throws ShapeException if the shapes do not fit
    /// @throws IllegalArgumentException if the state is not one of this layer
    public Output run(Sequences x, RecurrentState initial) {
        requireSequences(x);
        requireState(x, initial);
        var last = new ArrayList<State>();
        Sequences y = x;
        for (int i = 0; i < layers.size(); i++) {
            Sequences below = i == 0 ? x : dropout.forward(y);
            y = x.with(run(layers.get(i), below, initial, last));
        }
        RecurrentState state = new RecurrentState(last);
        return new Output(options.everyState() ? y : Sequences.of(lastOutput(last)), state);
    }

    /// Runs one layer; adds its last states to those of the layers below.
    private Tensor run(List<Pass> passes, Sequences x, RecurrentState initial, List<State> last) {
        var states = new ArrayList<Tensor>();
        for (Pass pass : passes) {
            Result result = pass.run(x, initial.parts().get(last.size()));
            states.add(result.states());
            last.add(result.last());
        }
        return merged(states);
    }

    private Tensor lastOutput(List<State> last) {
        int directions = options.direction().single().size();
        return merged(last.subList(last.size() - directions, last.size()).stream().map(State::hidden).toList());
    }

    private Tensor merged(List<Tensor> directions) {
        return directions.size() == 1
                ? directions.getFirst()
                : options.merge().apply(directions.getFirst(), directions.getLast());
    }

    private void requireSequences(Sequences x) {
        Shape shape = x.values().shape();
        if (shape.rank() != 3 || shape.dim(2) != inputs) {
            throw ShapeException.of(kind, "input must be [N, T, " + inputs + "], got " + shape)
                    .operand("input", shape, "N, T, features", x.values().label());
        }
    }

    private void requireState(Sequences x, RecurrentState initial) {
        int count = options.passes();
        if (initial.parts().size() != count) {
            throw new IllegalArgumentException(
                    "%s: a state has %d parts, one for each layer and direction, got %d"
                            .formatted(kind, count, initial.parts().size()));
        }
        RecurrentCell cell = layers.getFirst().getFirst().cell();
        Shape expected = Shape.of(x.values().shape().dim(0), cell.hidden());
        for (int i = 0; i < count; i++) {
            State part = initial.parts().get(i);
            if (cell.hasCell() != part.cell().isPresent()) {
                throw new IllegalArgumentException(
                        "%s: part %d of the state has %s cell".formatted(kind, i, cell.hasCell() ? "no" : "a"));
            }
            requireShape(i, "hidden", expected, part.hidden());
            requireShape(i, "cell", expected, part.cell().orElse(part.hidden()));
        }
    }

    private void requireShape(int part, String what, Shape expected, Tensor state) {
        if (!state.shape().equals(expected)) {
            throw ShapeException.of(
                            kind, "part %d of the state must be %s, got %s".formatted(part, expected, state.shape()))
                    .operand(what, state.shape(), "N, H", state.label());
        }
    }
}
