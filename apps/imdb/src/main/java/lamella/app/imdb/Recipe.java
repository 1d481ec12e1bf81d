package lamella.app.imdb;

import lamella.app.common.Texts;
import lamella.data.Batching;
import lamella.data.SequenceDataset;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.optim.Clip;
import lamella.optim.Optimizers;
import lamella.optim.Schedule;
import lamella.train.EarlyStopping;
import lamella.train.Trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How a net is trained: all that, with net, reviews and seed, settles the result.
///
/// @param vocabulary the most words that the net knows
/// @param maxLength the most words of a review that the net sees
/// @param batchSize reviews in a step
/// @param learningRate the step size of the first epoch
/// @param decay what the step size is multiplied by from epoch to epoch
/// @param validation reviews of the training part that are held out, to choose the best epoch by
/// @param seed of all random numbers
record Recipe(
        int vocabulary, int maxLength, int batchSize, float learningRate, float decay, int validation, long seed) {
    private static final String VOCABULARY = "imdb.mostWords";
    private static final String MAX_LENGTH = "imdb.mostSteps";
    private static final String BATCH_SIZE = "imdb.batchSize";
    private static final String LEARNING_RATE = "imdb.learningRate";
    private static final String DECAY = "imdb.decay";
    private static final String VALIDATION = "imdb.validation";

    /// Batches whose reviews are sorted by length together.
    private static final int BUCKETING = 50;

    /// Gradients through many steps explode now and then.
    private static final double LONGEST_GRADIENT = 1;

    /// Epochs without a better one after which a training ends.
    private static final int PATIENCE = 2;

    static Loss loss() {
        return Loss.crossEntropy();
    }

    /// Returns a trainer for so many reviews, which measures on those held out after every epoch.
    Trainer trainer(Model model, int reviews, SequenceDataset held) {
        long stepsPerEpoch = Math.ceilDiv(reviews, batchSize);
        Trainer trainer =
                Trainer.of(model, loss(), Optimizers.adam(learningRate))
                        .batching(Batching.of(batchSize).bucketing(BUCKETING))
                        .clip(Clip.byNorm(LONGEST_GRADIENT))
                        .schedule(Schedule.stepDecay(stepsPerEpoch, decay))
                        .seed(seed);
        return held.size() == 0 ? trainer : trainer.validation(held);
    }

    /// Returns what ends a training that does not get better; nothing where no reviews are held out.
    Optional<EarlyStopping> stopping() {
        return validation == 0 ? Optional.empty() : Optional.of(EarlyStopping.onAccuracy(PATIENCE));
    }

    /// Returns this as texts, for the metadata of a model file; the seed is in the training's state.
    Map<String, String> toMetadata() {
        var fields = new LinkedHashMap<String, String>();
        fields.put(VOCABULARY, Integer.toString(vocabulary));
        fields.put(MAX_LENGTH, Integer.toString(maxLength));
        fields.put(BATCH_SIZE, Integer.toString(batchSize));
        fields.put(LEARNING_RATE, Float.toString(learningRate));
        fields.put(DECAY, Float.toString(decay));
        fields.put(VALIDATION, Integer.toString(validation));
        return fields;
    }

    /// Reads what [#toMetadata] wrote.
    ///
    /// @throws IllegalArgumentException if an entry is missing or malformed
    static Recipe of(Map<String, String> metadata, long seed) {
        return new Recipe(
                Texts.count(metadata, VOCABULARY, 2),
                Texts.count(metadata, MAX_LENGTH, 1),
                Texts.count(metadata, BATCH_SIZE, 1),
                Texts.number(metadata, LEARNING_RATE),
                Texts.number(metadata, DECAY),
                Texts.count(metadata, VALIDATION, 0),
                seed);
    }
}
