package lamella.app.mnist;

import lamella.app.common.ModelInput;
import lamella.app.common.Option;
import lamella.array.Shape;
import lamella.io.ModelFile;
import lamella.io.SpecJson;
import lamella.layers.cnn.CnnModels;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A net that the user chose, and how it is trained unless the user says otherwise.
///
/// @param name as the user wrote it: `lenet5`, or a file's name
/// @param spec the net
/// @param epochs passes over the training images
/// @param batchSize images in a step
/// @param learningRate the step size of [Recipe#USUAL_OPTIMIZER]
/// @param augment whether the images are distorted
record Net(String name, LayerSpec spec, int epochs, int batchSize, float learningRate, boolean augment) {
    static final Option<String> OPTION =
            Option.text("--net", "NET", "lenet5, convnet or mlp, or a file FILE.json that describes a net")
                    .or("lenet5");

    private static final List<String> NAMES = List.of("lenet5", "convnet", "mlp");

    /// Returns the net of this name, or the one that a file describes.
    ///
    /// @throws IllegalArgumentException if there is no such net or file, or its description is wrong
    static Net of(String name, LayerCatalog layers) {
        int epochs = usualEpochs(name);
        return switch (name) {
            case "lenet5" -> new Net(name, CnnModels.lenet5(), epochs, 64, 2e-3f, false);
            case "convnet" -> new Net(name, CnnModels.convnet(), epochs, 128, 2e-3f, true);
            case "mlp" -> new Net(name, CnnModels.mlp(), epochs, 128, 1e-3f, false);
            default -> new Net(fileName(name), read(name, layers), epochs, 64, 1e-3f, false);
        };
    }

    /// Returns the epochs that a net is trained for unless the user says otherwise.
    static int usualEpochs(String name) {
        return name.equals("convnet") ? 15 : 12;
    }

    /// The name without folders: a model file does not tell where its makers keep theirs.
    private static String fileName(String path) {
        Path name = Path.of(path).getFileName();
        return name == null ? path : name.toString();
    }

    private static LayerSpec read(String name, LayerCatalog layers) {
        Path file = Path.of(name);
        if (!name.endsWith(".json") && !Files.exists(file)) {
            throw new IllegalArgumentException(
                    "--net: no net named '%s'; known: %s, or a file FILE.json".formatted(name, NAMES));
        }
        return SpecJson.read(file, layers);
    }

    /// Checks that a model file's net takes images as this program has them.
    ///
    /// @throws IllegalArgumentException if it does not
    static void requireTakesImages(ModelFile file, Path path) {
        ModelInput.require(file, path, MnistData.IMAGE::equals, "images " + MnistData.IMAGE);
    }

    /// Checks that a model gives one number for each digit of an image.
    ///
    /// @param source where the model is from, for messages
    /// @throws IllegalArgumentException if it does not
    static void requireReadsDigits(Model model, String source) {
        Shape classes = Shape.of(MnistData.LABELS.size());
        if (!model.input().equals(MnistData.IMAGE) || !model.output().equals(classes)) {
            throw new IllegalArgumentException(
                    "%s: the net makes %s of %s, expected %s of %s, a number for each digit"
                            .formatted(source, model.output(), model.input(), classes, MnistData.IMAGE));
        }
    }
}
