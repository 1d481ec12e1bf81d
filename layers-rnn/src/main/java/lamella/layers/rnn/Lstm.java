package lamella.layers.rnn;

import lamella.nn.Fields;
import lamella.nn.LayerType;
import lamella.nn.Scope;

/// A long short-term memory: a cell c beside the hidden state h, which gates protect, so that what it holds, and the
/// gradient, can last over many steps.
///
/// - gates input, forget, output: `i, f, o = sigmoid(W x + b + U h)`; candidate: `g = tanh(W x + b + U h)`
/// - `c' = f ∘ c + i ∘ g`
/// - `h' = o ∘ tanh(c')`
///
/// With peepholes the gates see the cell: i and f get `p ∘ c` added before the sigmoid, o gets `p ∘ c'`.
///
/// ## Shapes
/// - input and output as in [RecurrentSpec]
/// - W, `inputWeight` `[4·H, in]`; U, `hiddenWeight` `[4·H, H]`; b, `bias` `[4·H]`: input, forget, candidate, output on
///   top of each other
/// - p, `peephole` `[3·H]`: input, forget, output
///
/// ## Initial values
/// `inputWeight` Glorot uniform, `hiddenWeight` orthogonal, for each gate by itself; `bias` 1 for the forget gate, so
/// that the cell lasts at first, else 0; `peephole` 0.
///
/// ## Source
/// Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 1997. Forget gate: Gers et al., "Learning
/// to forget", Neural Computation 2000. Peepholes: Gers et al., "Learning precise timing with LSTM recurrent networks",
/// JMLR 2002. Bias of the forget gate: Jozefowicz et al., "An empirical exploration of recurrent network
/// architectures", ICML 2015.
///
/// {@snippet :
/// LayerSpec net = sequential(embedding(20_000, 128), lstm(64).bidirectional(), dense(1));
/// }
///
/// @param hidden hidden units, at least 1
/// @param seesCell whether the gates see the cell, by peepholes
/// @param options the knobs that all recurrent layers share
public record Lstm(int hidden, boolean seesCell, RecurrentOptions options) implements RecurrentSpec<Lstm> {
    static final LayerType<Lstm> TYPE = LayerType.of("lstm", Lstm.class, Lstm::read, Lstm::write);

    /// Rejects fewer than 1 unit, and options out of range.
    public Lstm {
        Checks.requireAtLeast("lstm", "hidden", 1, hidden);
        options.require("lstm");
    }

    private static Lstm read(Fields in) {
        return new Lstm(in.integer("hidden"), in.flag("peepholes", false), RecurrentOptions.read(in));
    }

    private void write(Fields.Writer out) {
        options.write(out.put("hidden", hidden).put("peepholes", seesCell));
    }

    /// Returns this layer with gates that see the cell. Fused kernels have no peepholes: it runs step by step.
    public Lstm peepholes() {
        return new Lstm(hidden, true, options);
    }

    @Override
    public Lstm options(RecurrentOptions options) {
        return new Lstm(hidden, seesCell, options);
    }

    @Override
    public RecurrentCell cell(Scope scope, int inputs) {
        return LstmCell.create(scope, inputs, hidden, seesCell);
    }

    @Override
    public String toString() {
        return "lstm(" + hidden + ")" + (seesCell ? ".peepholes()" : "") + options.code();
    }
}
