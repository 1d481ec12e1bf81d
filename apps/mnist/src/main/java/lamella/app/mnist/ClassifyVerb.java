package lamella.app.mnist;

import lamella.app.common.Arguments;
import lamella.app.common.CommonOptions;
import lamella.app.common.Operands;
import lamella.app.common.Option;
import lamella.app.common.Picture;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.backend.Backend;
import lamella.data.ImageDataset;
import lamella.io.ModelFile;
import lamella.nn.Model;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Reads digits in pictures.
final class ClassifyVerb implements Verb {
    private static final int SHOWN = 3;

    @Override
    public String name() {
        return "classify";
    }

    @Override
    public String description() {
        return "Reads the digit in each picture: the three likeliest with their probabilities."
                + " Pictures may have any size, dark on light or light on dark.";
    }

    @Override
    public List<Option<?>> options() {
        return CommonOptions.computing(EvaluateVerb.MODEL);
    }

    @Override
    public Optional<Operands> operands() {
        return Optional.of(Operands.required("IMAGE", "a PNG, JPEG, GIF or BMP file with one digit"));
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        List<Path> files = arguments.operands().stream().map(Path::of).toList();
        var digits = new ArrayList<byte[]>();
        files.forEach(file -> digits.add(Digit.normalize(Picture.read(file), file)));
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        Path file = arguments.get(EvaluateVerb.MODEL);
        ModelFile saved = ModelFile.open(file);
        Net.requireTakesImages(saved, file);
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            Model model = saved.model(plugins.layers(), backend);
            Net.requireReadsDigits(model, file.toString());
            int longest = files.stream().mapToInt(f -> f.toString().length()).max().orElse(1);
            for (int i = 0; i < files.size(); i++) {
                float[] probabilities = probabilities(model, digits.get(i));
                terminal.out().printf("%-" + longest + "s  %s%n", files.get(i), likeliest(probabilities));
            }
        }
    }

    /// Returns the probability of each digit.
    static float[] probabilities(Model model, byte[] digit) {
        ImageDataset image =
                MnistData.scaled(ImageDataset.of(MnistData.IMAGE, digit, new int[1], MnistData.LABELS.size()));
        Tensor x = image.batch(new int[1], RandomSource.of(0)).inputs().to(model.backend());
        return model.forward(x).softmax().toFloats();
    }

    private static String likeliest(float[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(digit -> -probabilities[digit]))
                .limit(SHOWN)
                .map(digit -> String.format(Locale.ROOT, "%d %.4f", digit, probabilities[digit]))
                .collect(Collectors.joining("   "));
    }
}
