package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.LayerSpec;
import lamella.nn.Scope;

/// The recipe of a recurrent layer: a kind of cell, and how sequences run through it. A record with its own cell gets
/// stacking, both directions, dropout and padding from here.
///
/// ## Shapes
/// - input `[N, T, in]`
/// - output `[N, H]`, the last state; with [#everyState()] `[N, T, H]`. H becomes 2H where two directions are
///   concatenated.
///
/// Parameters are named as by the cell, `inputWeight`; where there are two directions, below `forward` and
/// `backward`; where there are several layers, below `layer1`, `layer2` and so on: `layer2.backward.inputWeight`.
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`; [IllegalArgumentException] if dropout between layers is asked
/// for where there is one.
///
/// ## Source
/// Two directions: Schuster and Paliwal, "Bidirectional recurrent neural networks", IEEE Transactions on Signal
/// Processing 1997. Recurrent dropout: Gal and Ghahramani, "A theoretically grounded application of dropout in
/// recurrent neural networks", NIPS 2016: one mask for all steps of a sequence; it acts on the hidden state where the
/// gates see it, not on what a step keeps of it.
///
/// @param <S> the recipe itself
public interface RecurrentSpec<S extends RecurrentSpec<S>> extends LayerSpec {
    /// Returns the number of hidden units, H.
    int hidden();

    /// Returns the knobs that all recurrent layers share.
    RecurrentOptions options();

    /// Returns this layer with other options.
    S options(RecurrentOptions options);

    /// Makes the cell of one layer in one direction.
    ///
    /// @param inputs the number of features of a step
    RecurrentCell cell(Scope scope, int inputs);

    /// Returns this layer with every state `[T, H]` as output, instead of the last.
    default S everyState() {
        return options(options().withEveryState());
    }

    /// Returns this layer as several on top of each other.
    default S layers(int layers) {
        return options(options().withLayers(layers));
    }

    /// Returns this layer reading from the last step to the first.
    default S reverse() {
        return options(options().withDirection(Direction.BACKWARD, Merge.CONCATENATE));
    }

    /// Returns this layer reading both ways, with the outputs side by side: 2H features.
    default S bidirectional() {
        return bidirectional(Merge.CONCATENATE);
    }

    /// Returns this layer reading both ways.
    default S bidirectional(Merge merge) {
        return options(options().withDirection(Direction.BOTH, merge));
    }

    /// Returns this layer with dropout between its layers.
    ///
    /// @param rate probability of dropping an element, a fraction in [0, 1)
    default S dropout(double rate) {
        return options(options().withDropout((float) rate));
    }

    /// Returns this layer with dropout of hidden units for whole sequences.
    ///
    /// @param rate probability of dropping a unit, a fraction in [0, 1)
    default S recurrentDropout(double rate) {
        return options(options().withRecurrentDropout((float) rate));
    }

    @Override
    default RecurrentLayer build(Scope scope, Shape input) {
        Checks.requireAxes(kind(), "T, features", input);
        return RecurrentLayer.create(this, scope, input);
    }
}
