package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.common.Arguments;
import lamella.app.common.Background;
import lamella.app.common.CommonOptions;
import lamella.app.common.Operands;
import lamella.app.common.Option;
import lamella.app.common.OutputFile;
import lamella.app.common.Photo;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.array.Shape;
import lamella.backend.Backend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says what is in pictures.
final class DescribeVerb implements Verb {
    /// So many pictures are described before fast kernels would be worth their start.
    private static final int FEW = 16;

    private static final Option<Path> ATTENTION =
            Option.path(
                    "--attention",
                    "OUT.png",
                    "write a picture of what was looked at before each word; takes one IMAGE");

    @Override
    public String name() {
        return "describe";
    }

    @Override
    public String description() {
        return "Says what is in pictures of any size: PNG, JPEG, GIF or BMP files. What is transparent lies on white.";
    }

    @Override
    public Optional<Operands> operands() {
        return Optional.of(Operands.required("IMAGE", "the pictures"));
    }

    @Override
    public List<Option<?>> options() {
        var own =
                new ArrayList<Option<?>>(List.of(TrainedModel.MODEL, ATTENTION, Choosing.BEAM, Choosing.NORMALIZATION));
        own.addAll(Choosing.drawing());
        return CommonOptions.computing(own.toArray(Option<?>[]::new));
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Path file = arguments.get(TrainedModel.MODEL);
        Saying saying = Choosing.saying(arguments);
        Optional<OutputFile> attention = attention(arguments);
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        List<String> files = arguments.operands();
        // the first picture, which is often the only one, is read while the model is
        var first = Background.start("picture", () -> Photo.read(Path.of(files.getFirst())));
        boolean brief = files.size() <= FEW;
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments, brief)) {
            TrainedModel trained = TrainedModel.open(file, plugins.layers(), backend);
            attention.ifPresent(_ -> requireLooks(trained, file));
            Shape picture = trained.picture();
            var pictures = new ArrayList<Captioned>();
            for (String name : files) {
                Photo photo = pictures.isEmpty() ? first.get() : Photo.read(Path.of(name));
                byte[] pixels = photo.planes(3, picture.dim(1), picture.dim(2));
                pictures.add(new Captioned(name, pixels, List.of("")));
            }
            Describer describer = new Describer(trained.captioner(), trained.encoding(), saying);
            List<Said> said = describer.describe(picture, pictures, attention.isPresent());
            for (int i = 0; i < said.size(); i++) {
                String caption = trained.encoding().text(said.get(i).ids());
                terminal.out().println(said.size() == 1 ? caption : pictures.get(i).name() + ": " + caption);
            }
            attention.ifPresent(to -> to.write(trained.attention(pictures.getFirst().pixels(), said.getFirst())));
        }
    }

    private static Optional<OutputFile> attention(Arguments arguments) {
        Optional<OutputFile> file = arguments.find(ATTENTION).map(OutputFile::new);
        if (file.isPresent() && arguments.operands().size() > 1) {
            throw new IllegalArgumentException("--attention takes one IMAGE, got " + arguments.operands().size());
        }
        file.ifPresent(OutputFile::requireWritable);
        return file;
    }

    private static void requireLooks(TrainedModel trained, Path file) {
        if (trained.captioner().design().kind() == Design.Kind.TELL) {
            throw new IllegalArgumentException("--attention: %s is a net without attention (tell)".formatted(file));
        }
    }
}
