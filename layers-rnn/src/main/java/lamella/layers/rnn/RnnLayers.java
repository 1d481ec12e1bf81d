package lamella.layers.rnn;

import lamella.layers.rnn.TimePool.Pooling;
import lamella.nn.LayerSpec;

import java.util.OptionalInt;

/// The recipes of this package by their short names, for static import beside [lamella.nn.Layers].
///
/// {@snippet :
/// LayerSpec net = sequential(
///         embedding(20_000, 128), lstm(64).bidirectional().everyState(), meanAndMaxOverTime(),
///         dropout(0.5), dense(1));
/// }
public final class RnnLayers {
    private RnnLayers() {}

    /// Returns a trained vector for each word of a vocabulary.
    public static Embedding embedding(int vocabulary, int dimensions) {
        return new Embedding(vocabulary, dimensions, OptionalInt.empty(), true);
    }

    /// Returns vectors for words, and for the n-grams of up to `longest` words that end with them.
    ///
    /// @param buckets rows of the table that n-grams share
    public static NgramEmbedding ngramEmbedding(int vocabulary, int dimensions, int longest, int buckets) {
        return new NgramEmbedding(vocabulary, dimensions, longest, buckets);
    }

    /// Returns a simple recurrent layer with tanh.
    public static Rnn rnn(int hidden) {
        return new Rnn(hidden, false, RecurrentOptions.defaults());
    }

    /// Returns a long short-term memory without peepholes.
    public static Lstm lstm(int hidden) {
        return new Lstm(hidden, false, RecurrentOptions.defaults());
    }

    /// Returns a gated recurrent unit.
    public static Gru gru(int hidden) {
        return new Gru(hidden, RecurrentOptions.defaults());
    }

    /// Returns the mean of each feature over the steps.
    public static TimePool meanOverTime() {
        return new TimePool(Pooling.MEAN);
    }

    /// Returns the maximum of each feature over the steps.
    public static TimePool maxOverTime() {
        return new TimePool(Pooling.MAX);
    }

    /// Returns the means of all features over the steps, then the maxima.
    public static TimePool meanAndMaxOverTime() {
        return new TimePool(Pooling.MEAN_AND_MAX);
    }

    /// Returns a convolution along time that keeps the number of steps.
    public static TemporalConv temporalConv(int filters, int kernel) {
        return new TemporalConv(filters, kernel);
    }

    /// Returns the maxima of windows of steps, side by side.
    public static TemporalMaxPool temporalMaxPool(int window) {
        return new TemporalMaxPool(window);
    }

    /// Returns a layer at each step by itself.
    public static TimeDistributed timeDistributed(LayerSpec layer) {
        return new TimeDistributed(layer);
    }

    /// Returns dropout of whole steps at this rate.
    public static StepDropout dropSteps(double rate) {
        return new StepDropout((float) rate);
    }

    /// Returns dropout of features for whole sequences at this rate.
    public static FeatureDropout dropFeatures(double rate) {
        return new FeatureDropout((float) rate);
    }

    // Attention

    /// Returns the mean over time weighted by additive attention with a learnt query.
    public static AttentionPool attentionPool(int units) {
        return new AttentionPool(units);
    }

    /// Returns self-attention with several heads.
    public static MultiHeadAttention multiHeadAttention(int heads) {
        return new MultiHeadAttention(heads, true, 0);
    }

    /// Returns the layer that adds sinusoidal positions.
    public static Positions positions() {
        return new Positions();
    }

    /// Returns a block of a transformer's encoder, with the norm last and ReLU.
    ///
    /// @param inner units between the two dense layers
    public static TransformerEncoder transformerEncoder(int heads, int inner) {
        return new TransformerEncoder(heads, inner);
    }
}
