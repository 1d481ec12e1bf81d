package lamella.layers.rnn;

import lamella.nn.Fields;
import lamella.nn.LayerType;
import lamella.nn.Scope;

/// A simple recurrent layer: the hidden state h of each step depends on its input x and the state before.
///
/// `h' = f(W x + b + U h)`, with f = tanh, or max(·, 0) where rectified. What it learns over few steps it does well; over
/// many the gradient vanishes or explodes, for which there are [Lstm] and [Gru].
///
/// ## Shapes
/// - input and output as in [RecurrentSpec]
/// - W, `inputWeight` `[H, in]`; U, `hiddenWeight` `[H, H]`; b, `bias` `[H]`
///
/// ## Initial values
/// `inputWeight` Glorot uniform, `hiddenWeight` orthogonal, `bias` 0.
///
/// ## Source
/// Elman, "Finding structure in time", Cognitive Science 1990. Rectified: Le et al., "A simple way to initialize
/// recurrent networks of rectified linear units", 2015, who begin with the identity where we begin with another
/// orthogonal matrix.
///
/// {@snippet :
/// LayerSpec net = sequential(embedding(20_000, 128), rnn(64), dense(1));
/// }
///
/// @param hidden hidden units, at least 1
/// @param rectified whether f is max(·, 0), not tanh
/// @param options the knobs that all recurrent layers share
public record Rnn(int hidden, boolean rectified, RecurrentOptions options) implements RecurrentSpec<Rnn> {
    static final LayerType<Rnn> TYPE = LayerType.of("rnn", Rnn.class, Rnn::read, Rnn::write);

    /// Rejects fewer than 1 unit, and options out of range.
    public Rnn {
        Checks.requireAtLeast("rnn", "hidden", 1, hidden);
        options.require("rnn");
    }

    private static Rnn read(Fields in) {
        return new Rnn(in.integer("hidden"), in.flag("rectified", false), RecurrentOptions.read(in));
    }

    private void write(Fields.Writer out) {
        options.write(out.put("hidden", hidden).put("rectified", rectified));
    }

    /// Returns this layer with max(·, 0) in place of tanh.
    public Rnn relu() {
        return new Rnn(hidden, true, options);
    }

    @Override
    public Rnn options(RecurrentOptions options) {
        return new Rnn(hidden, rectified, options);
    }

    @Override
    public RecurrentCell cell(Scope scope, int inputs) {
        return RnnCell.create(scope, inputs, hidden, rectified);
    }

    @Override
    public String toString() {
        return "rnn(" + hidden + ")" + (rectified ? ".relu()" : "") + options.code();
    }
}
