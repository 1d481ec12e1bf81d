package lamella.app.captioning;

import lamella.app.common.Arguments;
import lamella.app.common.Checkpoint;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.app.common.Texts;
import lamella.array.Shape;
import lamella.data.Batching;
import lamella.nn.Mode;
import lamella.optim.Clip;
import lamella.optim.Optimizers;
import lamella.optim.Schedule;
import lamella.train.EarlyStopping;
import lamella.train.Metrics;
import lamella.train.Trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// How a net is trained: all that, with net, pictures and captions, settles the result.
///
/// The learning rate rises over the first steps and then falls along a half cosine, to 0 at the end of the last epoch;
/// so the number of epochs is part of this.
///
/// @param photos whether the pictures are photos, of which left and right may be exchanged, and whose captions are
///   sentences in which capital letters mean nothing
/// @param epochs passes over the training pictures, unless it stops to improve before
/// @param batchSize pictures in a step, each with all its captions
/// @param learningRate the highest step size
/// @param weightDecay strength of AdamW's decay
/// @param smoothing label smoothing
/// @param balance weight of the doubly stochastic term
/// @param ownWords probability with which a word before is the net's own
/// @param augment whether pictures are distorted at random
/// @param rarest how often a word must come to be known
/// @param maxLength the most tokens of a caption that are learnt
/// @param patience epochs without a better one after which a training ends
/// @param measure what the best epoch is chosen by
/// @param seed of all random numbers
record Recipe(
        boolean photos,
        int epochs,
        int batchSize,
        float learningRate,
        float weightDecay,
        float smoothing,
        float balance,
        float ownWords,
        boolean augment,
        int rarest,
        int maxLength,
        int patience,
        Measure measure,
        long seed) {
    static final Option<Integer> EPOCHS =
            Option.integer(
                    "--epochs",
                    "passes over the training pictures; it ends earlier when it stops to improve (default: depends on"
                            + " the data set)",
                    1);
    static final Option<Integer> BATCH_SIZE =
            Option.integer(
                    "--batch-size",
                    "pictures in a step, each with all its captions (default: depends on the data set)",
                    1);
    static final Option<Float> LEARNING_RATE =
            Option.positive("--learning-rate", "the highest step size (default: depends on the data set)");
    static final Option<Float> WEIGHT_DECAY =
            fraction("--weight-decay", "how much weights shrink in a step, times the step size", 1e6f);
    static final Option<Float> SMOOTHING =
            fraction("--label-smoothing", "the fraction of a word's target that is spread over all words", 0.99f);
    static final Option<Float> BALANCE =
            fraction(
                    "--doubly-stochastic",
                    "how much it matters that a caption looks at all regions alike; 0: not at all",
                    1e6f);
    static final Option<Float> OWN_WORDS =
            fraction(
                    "--scheduled-sampling",
                    "the probability with which training tells the net its own word before instead of the caption's",
                    1);
    static final Option<Boolean> AUGMENT =
            Option.toggle("--augment", "distort the training pictures at random (default: depends on the data set)");
    static final Option<Integer> RAREST =
            Option.integer("--rarest", "how often a word must come to be known (default: depends on the data set)", 1);
    static final Option<Integer> MAX_LENGTH =
            Option.integer("--max-length", "the most words of a caption; longer ones are cut", 1);
    static final Option<Integer> PATIENCE =
            Option.integer("--patience", "epochs without a better one after which training ends", 1);
    static final Option<Measure> MEASURE =
            Option.choice(
                    "--measure",
                    "NAME",
                    "what the best epoch is chosen by: exact or bleu (default: depends on the data set)",
                    Measure::named);

    private static final int WARM_UP = 200;

    /// Gradients through many steps explode now and then.
    private static final double LONGEST_GRADIENT = 2;

    private static Option<Float> fraction(String name, String description, float most) {
        return Option.choice(
                name, "X", description + " (default: depends on the data set)", text -> number(name, text, most));
    }

    private static float number(String name, String text, float most) {
        float value;
        try {
            value = Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number, got '" + text + "'", e);
        }
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException("%s must be in [0, %s], got %s".formatted(name, most, text));
        }
        return value;
    }

    /// Returns the settings that do well on a data set.
    static Recipe usual(Data data, long seed) {
        return switch (data) {
            case EMOJI -> new Recipe(false, 24, 32, 1.5e-3f, 0.05f, 0.1f, 0, 0, true, 1, 30, 8, Measure.EXACT, seed);
            case FLICKR8K -> new Recipe(true, 12, 32, 1e-3f, 0.05f, 0.1f, 0, 0, true, 4, 20, 9, Measure.BLEU, seed);
            case FOLDER -> new Recipe(true, 20, 32, 1e-3f, 0.05f, 0.1f, 0, 0, true, 2, 24, 8, Measure.BLEU, seed);
        };
    }

    /// Returns this with what was written on the command line.
    Recipe with(Arguments arguments) {
        return new Recipe(
                photos,
                arguments.find(EPOCHS).orElse(epochs),
                arguments.find(BATCH_SIZE).orElse(batchSize),
                arguments.find(LEARNING_RATE).orElse(learningRate),
                arguments.find(WEIGHT_DECAY).orElse(weightDecay),
                arguments.find(SMOOTHING).orElse(smoothing),
                arguments.find(BALANCE).orElse(balance),
                arguments.find(OWN_WORDS).orElse(ownWords),
                arguments.find(AUGMENT).orElse(augment),
                arguments.find(RAREST).orElse(rarest),
                arguments.find(MAX_LENGTH).orElse(maxLength),
                arguments.find(PATIENCE).orElse(patience),
                arguments.find(MEASURE).orElse(measure),
                seed);
    }

    /// Checks that options say nothing else than this.
    ///
    /// @throws IllegalArgumentException if one does
    void requireSame(Checkpoint from, Arguments arguments) {
        from.requireSame(arguments, EPOCHS, epochs);
        from.requireSame(arguments, BATCH_SIZE, batchSize);
        from.requireSame(arguments, LEARNING_RATE, learningRate);
        from.requireSame(arguments, WEIGHT_DECAY, weightDecay);
        from.requireSame(arguments, SMOOTHING, smoothing);
        from.requireSame(arguments, BALANCE, balance);
        from.requireSame(arguments, OWN_WORDS, ownWords);
        from.requireSame(arguments, AUGMENT, augment);
        from.requireSame(arguments, RAREST, rarest);
        from.requireSame(arguments, MAX_LENGTH, maxLength);
        from.requireSame(arguments, PATIENCE, patience);
        from.requireSame(arguments, MEASURE, measure);
        from.requireSame(arguments, CommonOptions.SEED, seed);
    }

    /// Returns a trainer for so many pictures.
    ///
    /// @param validation what is measured after every epoch, if anything
    Trainer trainer(Captioner captioner, Encoding encoding, int pictures, Optional<Supplier<Metrics>> validation) {
        long steps = Math.max(1, (long) Math.ceilDiv(pictures, batchSize) * epochs);
        long warm = Math.min(WARM_UP, Math.ceilDiv(steps, 5));
        var taught = new Captioner.Taught(smoothing, balance, ownWords);
        Trainer trainer =
                Trainer.of(
                                captioner.parameters(),
                                batch ->
                                        captioner.loss(
                                                batch, encoding, Mode.training() ? taught : Captioner.Taught.PLAIN),
                                Optimizers.adamW(learningRate).weightDecay(weightDecay))
                        .batching(Batching.of(batchSize))
                        .clip(Clip.byNorm(LONGEST_GRADIENT))
                        .schedule(Schedule.warmUp(warm, Schedule.cosine(Math.max(1, steps - warm), 0)))
                        .seed(seed);
        return validation.map(trainer::validation).orElse(trainer);
    }

    /// Returns how pictures become numbers in training.
    Pixels pixels(Shape picture) {
        if (!augment) {
            return Pixels.plain(picture);
        }
        return photos ? Pixels.photos(picture) : Pixels.drawings(picture);
    }

    EarlyStopping stopping() {
        return EarlyStopping.onAccuracy(patience);
    }

    private static final String PREFIX = "caption.training.";

    /// Returns this as texts, for the metadata of a model file; the seed is in the training's state.
    Map<String, String> toMetadata() {
        var fields = new LinkedHashMap<String, String>();
        fields.put(PREFIX + "photos", Boolean.toString(photos));
        fields.put(PREFIX + "epochs", Integer.toString(epochs));
        fields.put(PREFIX + "batchSize", Integer.toString(batchSize));
        fields.put(PREFIX + "learningRate", Float.toString(learningRate));
        fields.put(PREFIX + "weightDecay", Float.toString(weightDecay));
        fields.put(PREFIX + "smoothing", Float.toString(smoothing));
        fields.put(PREFIX + "balance", Float.toString(balance));
        fields.put(PREFIX + "ownWords", Float.toString(ownWords));
        fields.put(PREFIX + "augment", Boolean.toString(augment));
        fields.put(PREFIX + "rarest", Integer.toString(rarest));
        fields.put(PREFIX + "maxLength", Integer.toString(maxLength));
        fields.put(PREFIX + "patience", Integer.toString(patience));
        fields.put(PREFIX + "measure", measure.toString());
        return fields;
    }

    /// Reads what [#toMetadata] wrote.
    ///
    /// @throws IllegalArgumentException if an entry is missing or malformed
    static Recipe of(Map<String, String> metadata, long seed) {
        return new Recipe(
                Texts.flag(metadata, PREFIX + "photos"),
                Texts.count(metadata, PREFIX + "epochs", 1),
                Texts.count(metadata, PREFIX + "batchSize", 1),
                Texts.number(metadata, PREFIX + "learningRate"),
                Texts.number(metadata, PREFIX + "weightDecay"),
                Texts.number(metadata, PREFIX + "smoothing"),
                Texts.number(metadata, PREFIX + "balance"),
                Texts.number(metadata, PREFIX + "ownWords"),
                Texts.flag(metadata, PREFIX + "augment"),
                Texts.count(metadata, PREFIX + "rarest", 1),
                Texts.count(metadata, PREFIX + "maxLength", 1),
                Texts.count(metadata, PREFIX + "patience", 1),
                Measure.named(Texts.get(metadata, PREFIX + "measure")),
                seed);
    }
}
