package lamella.app.bench;

import static lamella.optim.Optimizers.adam;
import static lamella.optim.Optimizers.sgd;

import lamella.array.Shape;
import lamella.layers.cnn.CnnModels;
import lamella.nn.Loss;

/// What the nets of the workloads learn, and how.
final class Tasks {
    /// The shape of a digit's image.
    static final Shape DIGIT = Shape.of(1, 28, 28);

    /// The shape of a photograph.
    static final Shape PHOTO = Shape.of(3, 224, 224);

    private static final int JUDGED_WORDS = 20_000;
    private static final int WRITTEN_WORDS = 8000;

    private Tasks() {}

    static Task lenet() {
        return new Task(Nets.lenet(), DIGIT, Task.images(DIGIT, 10), Loss.crossEntropy(), sgd(0.01).momentum(0.9f));
    }

    static Task convnet() {
        return new Task(CnnModels.convnet(), DIGIT, Task.images(DIGIT, 10), Loss.crossEntropy(), adam(1e-3));
    }

    /// Texts of so many words.
    static Task judge(int words) {
        return new Task(
                Nets.judge(JUDGED_WORDS, 128),
                Shape.of(words),
                Task.judgedTexts(words, JUDGED_WORDS),
                Loss.binaryCrossEntropy(),
                adam(1e-3));
    }

    /// Captions of 20 words.
    static Task writer() {
        int words = 20;
        return new Task(
                Nets.writer(WRITTEN_WORDS, 256, 512),
                Shape.of(words),
                Task.continuedTexts(words, WRITTEN_WORDS),
                Loss.crossEntropy(),
                adam(1e-3));
    }

    static Task resnet50() {
        return new Task(
                Nets.resnet50(), PHOTO, Task.images(PHOTO, 1000), Loss.crossEntropy(), sgd(0.01).momentum(0.9f));
    }
}
