package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.app.common.Arguments;
import lamella.app.common.Checkpoint;
import lamella.app.common.CommonOptions;
import lamella.app.common.Texts;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.LayerCatalog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What is to be trained and how: as the user wrote, or as a checkpoint says that is gone on from.
///
/// @param design the net
/// @param recipe how it is trained
/// @param side height and width of pictures
/// @param checkpoint where the training begins, if not anew
record Plan(Design design, Recipe recipe, int side, Optional<Checkpoint> checkpoint) {
    static final String EXAMPLES = "caption.examples";

    /// Reads a plan from the command line.
    ///
    /// @throws IllegalArgumentException if the checkpoint is unfit, or an option contradicts it
    static Plan of(Arguments arguments, LayerCatalog layers) {
        Optional<Path> resume = arguments.find(CommonOptions.RESUME);
        return resume.isPresent() ? goingOn(arguments, Checkpoint.open(resume.get()), layers) : anew(arguments);
    }

    private static Plan anew(Arguments arguments) {
        Recipe usual = Recipe.usual(arguments.get(Data.DATASET), arguments.get(CommonOptions.SEED));
        return new Plan(
                Net.of(arguments),
                usual.with(arguments),
                arguments.get(Data.DATASET).side(arguments),
                Optional.empty());
    }

    private static Plan goingOn(Arguments arguments, Checkpoint from, LayerCatalog layers) {
        Design design = from.read(texts -> Design.of(texts, layers));
        from.requireSame(arguments, Net.KIND, design.kind());
        from.requireSame(arguments, Net.EMBEDDING, design.embedding());
        from.requireSame(arguments, Net.HIDDEN, design.hidden());
        from.requireSame(arguments, Net.DROPOUT, design.dropout());
        from.requireSame(arguments, Net.TIED, design.tied());
        Recipe recipe = from.read(texts -> Recipe.of(texts, from.state().seed()));
        recipe.requireSame(from, arguments);
        int side = from.read(TrainedModel::side);
        from.requireSame(arguments, Data.SIZE, side);
        return new Plan(design, recipe, side, Optional.of(from));
    }

    /// Returns the encoding of the training captions.
    ///
    /// @throws IllegalArgumentException if a checkpoint was trained with another one
    Encoding encoding(Part train) {
        Encoding encoding = Encoding.learn(train, recipe.photos(), recipe.rarest(), recipe.maxLength());
        checkpoint.ifPresent(
                from -> {
                    Encoding trained = from.read(Encoding::of);
                    if (!trained.equals(encoding)) {
                        throw new IllegalArgumentException(
                                ("%s was trained on another vocabulary (%,d words, longest caption %d) than"
                                                + " that of the data (%,d words, longest caption %d)")
                                        .formatted(
                                                from.path(),
                                                trained.vocabulary().size(),
                                                trained.longest(),
                                                encoding.vocabulary().size(),
                                                encoding.longest()));
                    }
                });
        return encoding;
    }

    /// Checks that examples are those that the checkpoint, if there is one, was trained on.
    ///
    /// @param fingerprint of these examples
    /// @param data where they are from
    /// @throws IllegalArgumentException if they are others
    void requireSame(String fingerprint, String data) {
        checkpoint.ifPresent(
                from -> {
                    String trained = from.read(texts -> Texts.get(texts, EXAMPLES));
                    if (!fingerprint.equals(trained)) {
                        throw new IllegalArgumentException(
                                "%s was trained on other pictures (%s) than those of %s (%s)"
                                        .formatted(from.path(), trained, data, fingerprint));
                    }
                });
    }

    /// Returns a text that differs for other examples.
    static String fingerprint(Part part) {
        var sum = new CRC32C();
        for (Captioned example : part.examples()) {
            sum.update(example.pixels());
            example.captions().forEach(caption -> sum.update(caption.getBytes(StandardCharsets.UTF_8)));
        }
        return String.format(Locale.ROOT, "%d pictures, CRC32C %08x", part.size(), (int) sum.getValue());
    }

    /// Builds the net, with the checkpoint's parameters if there is one.
    ///
    /// @param picture the shape of the pictures, as a net sees them
    Captioner captioner(Encoding encoding, Shape picture, LayerCatalog layers, Backend backend) {
        return checkpoint
                .map(from -> TrainedModel.of(from.file(), from.path(), layers, backend).captioner())
                .orElseGet(
                        () -> Captioner.build(design, picture, encoding.vocabulary().size(), backend, recipe.seed()));
    }

    /// Returns net and recipe as texts, for the metadata of a model file.
    Map<String, String> toMetadata(LayerCatalog layers) {
        var fields = new LinkedHashMap<>(design.toMetadata(layers));
        fields.putAll(recipe.toMetadata());
        return fields;
    }
}
