package lamella.layers.rnn;

import lamella.nn.Fields;

/// The knobs that all recurrent layers share.
///
/// @param layers layers on top of each other, at least 1; each reads every state of the one below
/// @param direction which way they read
/// @param merge how the outputs of two directions become one
/// @param everyState whether the output is every state, not the last
/// @param dropout probability of dropping an element between two layers, a fraction in [0, 1)
/// @param recurrentDropout probability of dropping a hidden unit of a sequence, as the gates see it, at all steps; a
///     fraction in [0, 1)
public record RecurrentOptions(
        int layers, Direction direction, Merge merge, boolean everyState, float dropout, float recurrentDropout) {

    /// Returns one layer that reads forward and gives its last state, without dropout.
    public static RecurrentOptions defaults() {
        return new RecurrentOptions(1, Direction.FORWARD, Merge.CONCATENATE, false, 0, 0);
    }

    /// Returns the options in a model file.
    public static RecurrentOptions read(Fields in) {
        return new RecurrentOptions(
                in.integer("layers", 1),
                in.choice("direction", Direction.class, Direction.FORWARD),
                in.choice("merge", Merge.class, Merge.CONCATENATE),
                in.flag("everyState", false),
                in.number("dropout", 0),
                in.number("recurrentDropout", 0));
    }

    /// Writes the options to a model file.
    public void write(Fields.Writer out) {
        out.put("layers", layers).put("direction", direction).put("merge", merge);
        out.put("everyState", everyState).put("dropout", dropout).put("recurrentDropout", recurrentDropout);
    }

    /// Rejects fewer than 1 layer, and rates outside [0, 1).
    ///
    /// @param kind the kind of layer, for the message
    public void require(String kind) {
        Checks.requireAtLeast(kind, "layers", 1, layers);
        Checks.requireRate(kind, "dropout", dropout);
        Checks.requireRate(kind, "recurrentDropout", recurrentDropout);
    }

    /// Returns how many passes over the sequences there are: one for each layer and direction.
    public int passes() {
        return layers * direction.single().size();
    }

    RecurrentOptions withLayers(int layers) {
        return new RecurrentOptions(layers, direction, merge, everyState, dropout, recurrentDropout);
    }

    RecurrentOptions withDirection(Direction direction, Merge merge) {
        return new RecurrentOptions(layers, direction, merge, everyState, dropout, recurrentDropout);
    }

    RecurrentOptions withEveryState() {
        return new RecurrentOptions(layers, direction, merge, true, dropout, recurrentDropout);
    }

    RecurrentOptions withDropout(float dropout) {
        return new RecurrentOptions(layers, direction, merge, everyState, dropout, recurrentDropout);
    }

    RecurrentOptions withRecurrentDropout(float recurrentDropout) {
        return new RecurrentOptions(layers, direction, merge, everyState, dropout, recurrentDropout);
    }

    /// Returns the code that sets these options: `.layers(2).bidirectional()`.
    public String code() {
        return (layers == 1 ? "" : ".layers(" + layers + ")")
                + switch (direction) {
                    case FORWARD -> "";
                    case BACKWARD -> ".reverse()";
                    case BOTH ->
                            merge == Merge.CONCATENATE ? ".bidirectional()" : ".bidirectional(Merge." + merge + ")";
                }
                + (everyState ? ".everyState()" : "")
                + (dropout == 0 ? "" : ".dropout(" + dropout + ")")
                + (recurrentDropout == 0 ? "" : ".recurrentDropout(" + recurrentDropout + ")");
    }
}
