package lamella.app.mnist;

import lamella.app.common.Arguments;
import lamella.app.common.Checkpoint;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.backend.Backend;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.train.Trainer;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What is to be trained and how: as the user wrote, or as a checkpoint says that is gone on from.
///
/// @param net the net's name
/// @param spec the net
/// @param recipe how it is trained
/// @param epochs the number of the last epoch
/// @param checkpoint where the training begins, if not anew
record Plan(String net, LayerSpec spec, Recipe recipe, int epochs, Optional<Checkpoint> checkpoint) {
    static final Option<Integer> EPOCHS =
            Option.integer(
                    "--epochs",
                    "passes over the training images, those before --resume included (default:"
                            + " lenet5 12, convnet 15, mlp 12, a file 12)",
                    1);
    static final Option<Integer> BATCH_SIZE =
            Option.integer("--batch-size", "images in a step (default: lenet5 64, convnet and mlp 128, a file 64)", 1);
    static final Option<Float> LEARNING_RATE =
            Option.positive(
                    "--learning-rate",
                    "the step size of the first epoch; it falls by a fifth with each epoch"
                            + " (default: depends on net and optimizer)");
    static final Option<String> OPTIMIZER =
            Option.text(
                    "--optimizer",
                    "NAME",
                    "adam, adamw, rmsprop, adagrad or sgd (default: " + Recipe.USUAL_OPTIMIZER + ")");
    static final Option<Boolean> AUGMENT =
            Option.toggle(
                    "--augment",
                    "shift, turn and scale each training image at random every time (default: convnet only)");

    private static final String NET_KEY = "mnist.net";

    /// Reads a plan from the command line.
    ///
    /// @throws IllegalArgumentException if there is no such net or optimizer, the checkpoint is
    ///     unfit, or an option contradicts it
    static Plan of(Arguments arguments, LayerCatalog layers) {
        Optional<Path> resume = arguments.find(CommonOptions.RESUME);
        return resume.isPresent() ? goingOn(arguments, layers, Checkpoint.open(resume.get())) : anew(arguments, layers);
    }

    private static Plan anew(Arguments arguments, LayerCatalog layers) {
        Net net = Net.of(arguments.get(Net.OPTION), layers);
        String optimizer = arguments.find(OPTIMIZER).orElse(Recipe.USUAL_OPTIMIZER);
        float usual =
                optimizer.equals(Recipe.USUAL_OPTIMIZER) ? net.learningRate() : Recipe.usualLearningRate(optimizer);
        var recipe =
                new Recipe(
                        arguments.find(BATCH_SIZE).orElse(net.batchSize()),
                        optimizer,
                        arguments.find(LEARNING_RATE).orElse(usual),
                        arguments.find(AUGMENT).orElse(net.augment()),
                        arguments.get(CommonOptions.SEED));
        int epochs = arguments.find(EPOCHS).orElse(net.epochs());
        return new Plan(net.name(), net.spec(), recipe, epochs, Optional.empty());
    }

    private static Plan goingOn(Arguments arguments, LayerCatalog layers, Checkpoint from) {
        Net.requireTakesImages(from.file(), from.path());
        LayerSpec spec = from.file().spec(layers);
        String name = from.file().metadata().getOrDefault(NET_KEY, "a net without a name");
        if (arguments.has(Net.OPTION)) {
            String asked = arguments.get(Net.OPTION);
            boolean same = Net.of(asked, layers).spec().equals(spec);
            from.requireSame("--net", asked, same ? asked : name);
        }
        Recipe recipe = from.read(texts -> Recipe.of(texts, from.state().seed()));
        from.requireSame(arguments, BATCH_SIZE, recipe.batchSize());
        from.requireSame(arguments, LEARNING_RATE, recipe.learningRate());
        from.requireSame(arguments, OPTIMIZER, recipe.optimizer());
        from.requireSame(arguments, AUGMENT, recipe.augment());
        from.requireSame(arguments, CommonOptions.SEED, recipe.seed());
        int epochs = arguments.find(EPOCHS).orElseGet(() -> Net.usualEpochs(name));
        return new Plan(name, spec, recipe, epochs, Optional.of(from));
    }

    /// Builds the model, with the checkpoint's parameters if there is one.
    ///
    /// @throws IllegalArgumentException if the net does not read digits
    Model model(LayerCatalog layers, Backend backend) {
        Model model =
                checkpoint.isPresent()
                        ? checkpoint.get().file().model(layers, backend)
                        : Model.build(spec, MnistData.IMAGE, backend, recipe.seed());
        Net.requireReadsDigits(model, checkpoint.map(c -> c.path().toString()).orElse(net));
        return model;
    }

    /// Returns a trainer of the model that stands where the checkpoint does, if there is one. It
    /// measures on the test images after every epoch.
    Trainer trainer(Model model, TrainingImages images) {
        Trainer trainer = recipe.trainer(model, images.train().size()).validation(images.test());
        checkpoint.ifPresent(
                from -> {
                    from.file().restore(trainer.optimizer().state());
                    trainer.resume(from.state());
                });
        return trainer;
    }

    /// Returns net and recipe as texts, for the metadata of a model file.
    Map<String, String> toMetadata() {
        Map<String, String> fields = recipe.toMetadata();
        fields.put(NET_KEY, net);
        return fields;
    }
}
