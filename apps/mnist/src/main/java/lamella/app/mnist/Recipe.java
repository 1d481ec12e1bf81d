package lamella.app.mnist;

import lamella.data.Augmentation;
import lamella.data.Batching;
import lamella.data.ImageDataset;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.optim.Optimizers;
import lamella.optim.Schedule;
import lamella.train.Trainer;

import java.util.LinkedHashMap;
import java.util.Map;

/// How a net is trained: all that, with net, images and seed, settles the result.
///
/// @param batchSize images in a step
/// @param optimizer the optimizer's name
/// @param learningRate the step size of the first epoch
/// @param augment whether the images are distorted
/// @param seed of all random numbers
record Recipe(int batchSize, String optimizer, float learningRate, boolean augment, long seed) {
    static final String USUAL_OPTIMIZER = "adam";
    private static final String BATCH_SIZE = "mnist.batchSize";
    private static final String OPTIMIZER = "mnist.optimizer";
    private static final String LEARNING_RATE = "mnist.learningRate";
    private static final String AUGMENT = "mnist.augment";

    /// The step size falls by this factor from epoch to epoch. It does not depend on the number of
    /// epochs, so a training can go on to more of them than it was started with.
    private static final double DECAY = 0.8;

    /// Rejects unknown optimizers and values out of range.
    Recipe {
        Batching.of(batchSize);
        Optimizers.byName(optimizer, learningRate);
    }

    /// Returns the step size that an optimizer is usually started with.
    static float usualLearningRate(String optimizer) {
        return switch (optimizer) {
            case "sgd" -> 0.1f;
            case "adagrad" -> 0.01f;
            default -> 1e-3f;
        };
    }

    /// Returns a trainer, without validation, for so many images.
    Trainer trainer(Model model, int images) {
        long stepsPerEpoch = Math.ceilDiv(images, batchSize);
        return Trainer.of(model, loss(), Optimizers.byName(optimizer, learningRate))
                .batchSize(batchSize)
                .schedule(Schedule.stepDecay(stepsPerEpoch, DECAY))
                .seed(seed);
    }

    static Loss loss() {
        return Loss.crossEntropy();
    }

    /// Returns the images as training sees them.
    ImageDataset images(ImageDataset train) {
        return augment
                ? train.augment(
                        Augmentation.scale(0.9f, 1.1f).then(Augmentation.rotate(10)).then(Augmentation.shift(2)))
                : train;
    }

    /// Returns this as texts, for the metadata of a model file; the seed is in the training's state.
    Map<String, String> toMetadata() {
        var fields = new LinkedHashMap<String, String>();
        fields.put(BATCH_SIZE, Integer.toString(batchSize));
        fields.put(OPTIMIZER, optimizer);
        fields.put(LEARNING_RATE, Float.toString(learningRate));
        fields.put(AUGMENT, Boolean.toString(augment));
        return fields;
    }

    /// Reads what [#toMetadata] wrote.
    ///
    /// @throws IllegalArgumentException if an entry is missing or malformed
    static Recipe of(Map<String, String> metadata, long seed) {
        String batchSize = text(metadata, BATCH_SIZE);
        String learningRate = text(metadata, LEARNING_RATE);
        try {
            return new Recipe(
                    Integer.parseInt(batchSize),
                    text(metadata, OPTIMIZER),
                    Float.parseFloat(learningRate),
                    Boolean.parseBoolean(text(metadata, AUGMENT)),
                    seed);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s '%s' or %s '%s' is no number".formatted(BATCH_SIZE, batchSize, LEARNING_RATE, learningRate), e);
        }
    }

    private static String text(Map<String, String> metadata, String name) {
        String text = metadata.get(name);
        if (text == null) {
            throw new IllegalArgumentException("is no checkpoint of mnist train: it has no " + name);
        }
        return text;
    }
}
