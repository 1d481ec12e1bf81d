package lamella.app.captioning;

import lamella.array.Shape;
import lamella.layers.rnn.AdditiveAttention;
import lamella.layers.rnn.Attended;
import lamella.layers.rnn.LstmCell;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.Layers;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/// Says a caption word by word: an LSTM that is told of the picture, and of the word before.
///
/// With attention (Show, Attend and Tell) it begins with a state made of the mean of all regions, and looks at the
/// picture again before each word: regions are mixed by how well they answer the state, a gate says how much of the
/// mixture counts, and the next word is judged by state, mixture and the word before. Without (Show and Tell) the
/// picture's mean is the first input, as if it were a word.
///
/// ## Shapes
/// - features `[N, C, H, W]`, words int32 `[N]`, outputs of a step `[N, embedding]`, logits `[..., words]`
///
/// ## Source
/// Xu et al., "Show, attend and tell", ICML 2015, sections 3.1.2 and 4.2, equations 4 to 7; Vinyals et al., "Show and
/// tell", CVPR 2015, section 3.1.
final class Decoder {
    private final Scope scope;
    private final Parameter table;
    private final Layer drop;
    private final LstmCell cell;
    private final Optional<Looking> looking;
    private final Optional<Scope.Part> picture;
    private final Scope.Part said;
    private final Parameter outputWeight;
    private final Parameter outputBias;

    /// What only a decoder with attention has.
    private record Looking(
            AdditiveAttention attention, Scope.Part hidden, Scope.Part cell, Scope.Part gate, Scope.Part seen) {}

    /// What a decoder knows of pictures before the first word.
    ///
    /// @param state the LSTM's
    /// @param regions `[N, H·W, C]`
    /// @param keys the regions, where it looks at them
    record Start(State state, Tensor regions, Optional<AdditiveAttention.Keys> keys) {}

    /// What a step came to.
    ///
    /// @param state the LSTM's
    /// @param output `[N, embedding]`, from which [Decoder#logits] makes numbers for words
    /// @param weights how much it looked at each region, `[N, H·W]`
    record Step(State state, Tensor output, Optional<Tensor> weights) {}

    private Decoder(Design design, Scope scope, int channels, int words) {
        this.scope = scope;
        int size = design.embedding();
        int hidden = design.hidden();
        table = scope.parameter("words", Shape.of(words, size), Initializer.uniform((float) Math.sqrt(3.0 / size)));
        drop = Layers.dropout(design.dropout()).build(scope.child("dropout"), Shape.of(size));
        boolean attends = design.kind() == Design.Kind.ATTEND;
        cell = LstmCell.create(scope.child("lstm"), attends ? size + channels : size, hidden, false);
        if (attends) {
            looking =
                    Optional.of(
                            new Looking(
                                    AdditiveAttention.build(
                                            scope.child("attention"), hidden, channels, design.attention()),
                                    scope.build("firstHidden", Layers.dense(hidden), Shape.of(channels)),
                                    scope.build("firstCell", Layers.dense(hidden), Shape.of(channels)),
                                    scope.build("gate", Layers.dense(1), Shape.of(hidden)),
                                    scope.build("seen", Layers.dense(size), Shape.of(channels))));
            picture = Optional.empty();
        } else {
            looking = Optional.empty();
            picture = Optional.of(scope.build("picture", Layers.dense(size), Shape.of(channels)));
        }
        said = scope.build("said", Layers.dense(size), Shape.of(hidden));
        outputWeight =
                design.tied()
                        ? table
                        : scope.parameter("output.weight", Shape.of(words, size), Initializer.glorotUniform());
        outputBias = scope.parameter("output.bias", Shape.of(words), Initializer.zeros());
    }

    /// Makes the parameters.
    ///
    /// @param channels of the features
    /// @param words of the vocabulary
    static Decoder build(Design design, Scope scope, int channels, int words) {
        return new Decoder(design, scope, channels, words);
    }

    /// Looks at pictures for the first time.
    ///
    /// @param features `[N, C, H, W]`
    Start start(Tensor features) {
        Shape shape = features.shape();
        int batch = shape.dim(0);
        int regions = shape.dim(2) * shape.dim(3);
        Tensor rows = features.reshape(Shape.of(batch, shape.dim(1), regions)).transpose(); // [N, regions, C]
        Tensor mean = rows.mean(1);
        if (looking.isPresent()) {
            Looking looks = looking.get();
            var state = new State(looks.hidden.forward(mean).tanh(), Optional.of(looks.cell.forward(mean).tanh()));
            return new Start(state, rows, Optional.of(looks.attention.keys(Sequences.of(rows))));
        }
        State zero = cell.zeroState(features.backend(), batch);
        return new Start(cell.step(drop(picture.get().forward(mean)), zero), rows, Optional.empty());
    }

    /// Returns what is known of the first pictures alone.
    ///
    /// @param state the LSTM's, after some steps with all of them
    /// @param count how many
    Start first(State state, Start start, int count) {
        var fewer = new State(state.hidden().slice(0, 0, count), state.cell().map(values -> values.slice(0, 0, count)));
        Tensor regions = start.regions().slice(0, 0, count);
        return new Start(fewer, regions, looking.map(looks -> looks.attention.keys(Sequences.of(regions))));
    }

    /// Returns the vectors of words.
    ///
    /// @param ids `[...]`
    Tensor embed(Tensor ids) {
        return drop.forward(table.value().gather(ids));
    }

    /// Goes on by a word.
    ///
    /// @param word the vectors of the words before, `[N, embedding]`
    Step step(Tensor word, State state, Start start) {
        if (looking.isEmpty()) {
            State next = cell.step(word, state);
            return new Step(next, drop.forward(said.forward(drop(next.hidden()))), Optional.empty());
        }
        Looking looks = looking.get();
        Attended attended = looks.attention.attend(state.hidden(), start.keys().orElseThrow());
        Tensor seen = attended.output().multiply(looks.gate.forward(state.hidden()).sigmoid());
        State next = cell.step(Tensor.concatenate(1, word, seen), state);
        Tensor output = word.add(said.forward(drop(next.hidden()))).add(looks.seen.forward(seen));
        return new Step(next, drop(output), Optional.of(attended.weights()));
    }

    private Tensor drop(Tensor x) {
        return drop.forward(x);
    }

    /// Returns a number for each word of the vocabulary.
    ///
    /// @param outputs of steps, `[..., embedding]`
    Tensor logits(Tensor outputs) {
        return outputs.linear(outputWeight.value(), outputBias.value());
    }

    /// Returns all parameters.
    List<Parameter> parameters() {
        return scope.parameters();
    }

    /// Returns the number of words of the vocabulary.
    int words() {
        return table.shape().dim(0);
    }
}
