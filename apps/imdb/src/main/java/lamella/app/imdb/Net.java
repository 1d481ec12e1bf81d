package lamella.app.imdb;

import static lamella.layers.rnn.RnnLayers.attentionPool;
import static lamella.layers.rnn.RnnLayers.dropSteps;
import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.RnnLayers.meanAndMaxOverTime;
import static lamella.layers.rnn.RnnLayers.meanOverTime;
import static lamella.layers.rnn.RnnLayers.ngramEmbedding;
import static lamella.layers.rnn.RnnLayers.positions;
import static lamella.layers.rnn.RnnLayers.rnn;
import static lamella.layers.rnn.RnnLayers.temporalConv;
import static lamella.layers.rnn.RnnLayers.temporalMaxPool;
import static lamella.layers.rnn.RnnLayers.transformerEncoder;
import static lamella.nn.Layers.concatenate;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.named;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;

import lamella.app.common.ModelInput;
import lamella.app.common.Option;
import lamella.app.imdb.Encoding.Kept;
import lamella.array.Shape;
import lamella.io.ModelFile;
import lamella.nn.LayerSpec;
import lamella.nn.Model;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/// A net that the user chose, and how it is trained unless the user says otherwise.
///
/// @param name as the user wrote it: `lstm`
/// @param layers makes the net for a number of words
/// @param vocabulary the most words that it knows
/// @param maxLength the most words of a review that it sees
/// @param kept which words of a longer review these are
/// @param epochs passes over the training reviews, unless it stops to improve before
/// @param batchSize reviews in a step
/// @param learningRate the step size of the first epoch
/// @param decay what the step size is multiplied by from epoch to epoch
record Net(
        String name,
        IntFunction<LayerSpec> layers,
        int vocabulary,
        int maxLength,
        Kept kept,
        int epochs,
        int batchSize,
        float learningRate,
        float decay) {
    private static final int CLASSES = Review.LABELS.size();

    /// The settings were chosen by the accuracy on reviews held out of the training part. lstm and bilstm have the sizes
    /// of the Keras examples imdb_lstm and bidirectional_lstm_imdb.
    private static final List<Net> NETS =
            List.of(
                    new Net("cnn-lstm", Net::convolved, 20_000, 400, Kept.LAST, 4, 64, 3e-3f, 0.6f),
                    new Net("bilstm", Net::twoBothWays, 20_000, 200, Kept.LAST, 5, 64, 2e-3f, 0.5f),
                    new Net("lstm", words -> onLastState(words, lstm(128)), 20_000, 80, Kept.LAST, 5, 64, 2e-3f, 0.5f),
                    new Net("gru", words -> onLastState(words, gru(128)), 20_000, 80, Kept.LAST, 5, 64, 2e-3f, 0.5f),
                    new Net("rnn", words -> onLastState(words, rnn(128)), 20_000, 80, Kept.LAST, 5, 64, 5e-4f, 0.8f),
                    new Net("attention", Net::attentive, 20_000, 200, Kept.LAST, 5, 64, 1e-3f, 0.5f));

    static final Option<String> OPTION = Option.text("--net", "NET", names(", ")).or("cnn-lstm");

    /// Returns the net of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    static Net of(String name) {
        return NETS.stream()
                .filter(net -> net.name.equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--net: no net named '%s'; known: [%s]".formatted(name, names(", "))));
    }

    /// Two halves, as in Cheng et al., "Wide & deep learning for recommender systems", DLRS 2016: words and pairs of words
    /// averaged over time, beside a recurrent net that reads on. The first knows phrases, the second what is said of them.
    private static LayerSpec convolved(int words) {
        return sequential(
                concatenate(
                        named(
                                "wide",
                                sequential(
                                        ngramEmbedding(words, 64, 2, 200_000),
                                        dropSteps(0.3),
                                        dropout(0.5),
                                        meanOverTime())),
                        named(
                                "deep",
                                sequential(
                                        embedding(words, 64),
                                        dropSteps(0.5),
                                        dropout(0.5),
                                        temporalConv(64, 3),
                                        relu(),
                                        dropout(0.3),
                                        temporalMaxPool(4),
                                        lstm(32).bidirectional().everyState(),
                                        meanAndMaxOverTime(),
                                        dropout(0.7)))),
                dense(CLASSES));
    }

    private static LayerSpec twoBothWays(int words) {
        return sequential(
                embedding(words, 128),
                dropSteps(0.3),
                dropout(0.5),
                lstm(64).bidirectional().layers(2).dropout(0.3),
                dropout(0.5),
                dense(CLASSES));
    }

    private static LayerSpec onLastState(int words, LayerSpec recurrent) {
        return sequential(embedding(words, 128), dropout(0.2), recurrent, dropout(0.2), dense(CLASSES));
    }

    private static LayerSpec attentive(int words) {
        return sequential(
                embedding(words, 128),
                positions(),
                dropout(0.3),
                transformerEncoder(4, 256).dropout(0.2),
                attentionPool(64),
                dropout(0.5),
                dense(CLASSES));
    }

    private static String names(String between) {
        return NETS.stream().map(Net::name).collect(Collectors.joining(between));
    }

    /// Returns this net as it is trained on the few short reviews of the sample.
    Net forSample() {
        return new Net(name, layers, vocabulary, maxLength, kept, 8, 16, learningRate, 0.8f);
    }

    /// Checks that a model file's net takes the numbers of words.
    ///
    /// @throws IllegalArgumentException if it does not
    static void requireTakesReviews(ModelFile file, Path path) {
        ModelInput.require(file, path, input -> input.rank() == 1, "reviews");
    }

    /// Checks that a model gives a number for each of the two verdicts.
    ///
    /// @param source where the model is from, for messages
    /// @throws IllegalArgumentException if it does not
    static void requireJudges(Model model, String source) {
        if (!model.output().equals(Shape.of(CLASSES))) {
            throw new IllegalArgumentException(
                    "%s: the net makes %s of a review, expected %s, a number for each verdict"
                            .formatted(source, model.output(), Shape.of(CLASSES)));
        }
    }
}
