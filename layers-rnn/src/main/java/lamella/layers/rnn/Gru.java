package lamella.layers.rnn;

import lamella.nn.Fields;
import lamella.nn.LayerType;
import lamella.nn.Scope;

/// A gated recurrent unit: two gates decide how much of the state each step keeps. Three quarters of an LSTM's
/// weights, and often as good.
///
/// - gates reset and update: `r, z = sigmoid(W x + b + U h)`
/// - candidate: `n = tanh(W x + b + r ∘ (U h + d))`
/// - `h' = (1 − z) ∘ n + z ∘ h`
///
/// ## Shapes
/// - input and output as in [RecurrentSpec]
/// - W, `inputWeight` `[3·H, in]`; U, `hiddenWeight` `[3·H, H]`; b, `bias` `[3·H]`: reset, update, candidate on top of
///   each other
/// - d, `candidateBias` `[H]`
///
/// ## Initial values
/// `inputWeight` Glorot uniform, `hiddenWeight` orthogonal, for each gate by itself; biases 0.
///
/// ## Source
/// Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation", EMNLP
/// 2014. The reset gate acts after the product U h, not before, as most frameworks do it: one product for all gates.
///
/// {@snippet :
/// LayerSpec net = sequential(embedding(20_000, 128), gru(64), dense(1));
/// }
///
/// @param hidden hidden units, at least 1
/// @param options the knobs that all recurrent layers share
public record Gru(int hidden, RecurrentOptions options) implements RecurrentSpec<Gru> {
    static final LayerType<Gru> TYPE = LayerType.of("gru", Gru.class, Gru::read, Gru::write);

    /// Rejects fewer than 1 unit, and options out of range.
    public Gru {
        Checks.requireAtLeast("gru", "hidden", 1, hidden);
        options.require("gru");
    }

    private static Gru read(Fields in) {
        return new Gru(in.integer("hidden"), RecurrentOptions.read(in));
    }

    private void write(Fields.Writer out) {
        options.write(out.put("hidden", hidden));
    }

    @Override
    public Gru options(RecurrentOptions options) {
        return new Gru(hidden, options);
    }

    @Override
    public RecurrentCell cell(Scope scope, int inputs) {
        return GruCell.create(scope, inputs, hidden);
    }

    @Override
    public String toString() {
        return "gru(" + hidden + ")" + options.code();
    }
}
