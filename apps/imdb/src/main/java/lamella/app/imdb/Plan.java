package lamella.app.imdb;

import lamella.app.common.Arguments;
import lamella.app.common.Checkpoint;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.app.common.Texts;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is to be trained and how: as the user wrote, or as a checkpoint says that is gone on from.
///
/// @param net the net
/// @param recipe how it is trained
/// @param epochs the number of the last epoch
/// @param checkpoint where the training begins, if not anew
record Plan(Net net, Recipe recipe, int epochs, Optional<Checkpoint> checkpoint) {
    static final Option<Integer> EPOCHS =
            Option.integer(
                    "--epochs",
                    "passes over the training reviews, those before --resume included; it ends earlier when it stops"
                            + " to improve (default: depends on the net)",
                    1);
    static final Option<Integer> BATCH_SIZE =
            Option.integer("--batch-size", "reviews in a step (default: depends on the net)", 1);
    static final Option<Float> LEARNING_RATE =
            Option.positive("--learning-rate", "the step size of the first epoch (default: depends on the net)");
    static final Option<Integer> VOCABULARY =
            Option.integer(
                    "--vocabulary",
                    "the most words that the net knows, the most frequent ones (default: depends on the net)",
                    2);
    static final Option<Integer> MAX_LENGTH =
            Option.integer(
                    "--max-length", "the most words of a review that the net sees (default: depends on the net)", 1);
    static final Option<Integer> VALIDATION =
            Option.integer(
                    "--validation",
                    "reviews of the training part that are held out to choose the best epoch by; 0: the last epoch is"
                            + " taken (default: 2000, 100 with --sample)",
                    0);

    static final String REVIEWS_KEY = "imdb.reviews";
    private static final String NET_KEY = "imdb.net";

    /// Reads a plan from the command line.
    ///
    /// @throws IllegalArgumentException if there is no such net, the checkpoint is unfit, or an option
    ///   contradicts it
    static Plan of(Arguments arguments) {
        Optional<Path> resume = arguments.find(CommonOptions.RESUME);
        return resume.isPresent() ? goingOn(arguments, Checkpoint.open(resume.get())) : anew(arguments);
    }

    private static Net net(String name, Arguments arguments) {
        Net net = Net.of(name);
        return arguments.get(ReviewData.SAMPLE) ? net.forSample() : net;
    }

    private static Plan anew(Arguments arguments) {
        Net net = net(arguments.get(Net.OPTION), arguments);
        var recipe =
                new Recipe(
                        arguments.find(VOCABULARY).orElse(net.vocabulary()),
                        arguments.find(MAX_LENGTH).orElse(net.maxLength()),
                        arguments.find(BATCH_SIZE).orElse(net.batchSize()),
                        arguments.find(LEARNING_RATE).orElse(net.learningRate()),
                        net.decay(),
                        arguments.find(VALIDATION).orElse(arguments.get(ReviewData.SAMPLE) ? 100 : 2000),
                        arguments.get(CommonOptions.SEED));
        return new Plan(net, recipe, arguments.find(EPOCHS).orElse(net.epochs()), Optional.empty());
    }

    private static Plan goingOn(Arguments arguments, Checkpoint from) {
        Net.requireTakesReviews(from.file(), from.path());
        String name = from.read(texts -> Texts.get(texts, NET_KEY));
        from.requireSame(arguments, Net.OPTION, name);
        Recipe recipe = from.read(texts -> Recipe.of(texts, from.state().seed()));
        from.requireSame(arguments, VOCABULARY, recipe.vocabulary());
        from.requireSame(arguments, MAX_LENGTH, recipe.maxLength());
        from.requireSame(arguments, BATCH_SIZE, recipe.batchSize());
        from.requireSame(arguments, LEARNING_RATE, recipe.learningRate());
        from.requireSame(arguments, VALIDATION, recipe.validation());
        from.requireSame(arguments, CommonOptions.SEED, recipe.seed());
        Net net = net(name, arguments);
        return new Plan(net, recipe, arguments.find(EPOCHS).orElse(net.epochs()), Optional.of(from));
    }

    /// Returns the encoding of the checkpoint, or else one of the most frequent words of these reviews.
    Encoding encoding(List<Review> reviews) {
        return checkpoint
                .map(from -> from.read(Encoding::of))
                .orElseGet(() -> Encoding.learn(reviews, recipe.vocabulary(), recipe.maxLength(), net.kept()));
    }

    /// Builds the model, with the checkpoint's parameters if there is one.
    Model model(Encoding encoding, LayerCatalog layers, Backend backend) {
        Model model =
                checkpoint.isPresent()
                        ? checkpoint.get().file().model(layers, backend)
                        : Model.build(
                                net.layers().apply(encoding.vocabulary().size()),
                                Shape.of(encoding.maxLength()),
                                backend,
                                recipe.seed());
        Net.requireJudges(model, checkpoint.map(from -> from.path().toString()).orElse(net.name()));
        return model;
    }

    /// Checks that reviews are those that the checkpoint, if there is one, was trained on.
    ///
    /// @param fingerprint of these reviews
    /// @throws IllegalArgumentException if they are others
    void requireSameReviews(String fingerprint, ReviewData data) {
        checkpoint.ifPresent(
                from -> {
                    String trained = from.read(texts -> Texts.get(texts, REVIEWS_KEY));
                    if (!fingerprint.equals(trained)) {
                        throw new IllegalArgumentException(
                                "%s was trained on other reviews (%s) than those of %s (%s)"
                                        .formatted(from.path(), trained, data, fingerprint));
                    }
                });
    }

    /// Returns net and recipe as texts, for the metadata of a model file.
    Map<String, String> toMetadata() {
        Map<String, String> fields = recipe.toMetadata();
        fields.put(NET_KEY, net.name());
        return fields;
    }
}
