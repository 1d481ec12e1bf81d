package lamella.app.captioning;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.app.captioning.picture.AttentionPicture;
import lamella.app.captioning.picture.Look;
import lamella.app.common.Option;
import lamella.app.common.Photo;
import lamella.app.common.Texts;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.MetaBackend;
import lamella.io.ModelFile;
import lamella.io.ModelFileException;
import lamella.nn.LayerCatalog;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// What a model file holds: a net that makes captions, and how its numbers become words.
///
/// @param captioner the net
/// @param encoding makes words of its numbers
record TrainedModel(Captioner captioner, Encoding encoding) {
    static final Option<Path> MODEL = Option.path("--model", "FILE", "the model, as train wrote it").mustBeGiven();

    private static final String SIDE = "caption.size";

    /// Reads a file.
    ///
    /// @throws IllegalArgumentException if it is damaged, or no model that makes captions
    /// @throws java.io.UncheckedIOException if it cannot be read
    static TrainedModel open(Path path, LayerCatalog layers, Backend backend) {
        return of(ModelFile.open(path), path, layers, backend);
    }

    /// Builds what an open file holds.
    static TrainedModel of(ModelFile file, Path path, LayerCatalog layers, Backend backend) {
        Map<String, String> texts = file.metadata();
        Encoding encoding;
        Design design;
        Shape picture;
        try {
            encoding = Encoding.of(texts);
            design = Design.of(texts, layers);
            picture = Shape.of(3, side(texts), side(texts));
            // on shapes alone: what does not fit the file fails before memory is allocated
            requireFits(file, Captioner.blank(design, picture, encoding.vocabulary().size(), MetaBackend.create()));
        } catch (ShapeException e) {
            throw new IllegalArgumentException(path + ": " + e.relation(), e);
        } catch (ModelFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
        Captioner captioner = Captioner.blank(design, picture, encoding.vocabulary().size(), backend);
        file.restore(captioner.state());
        return new TrainedModel(captioner, encoding);
    }

    private static void requireFits(ModelFile file, Captioner captioner) {
        int words = captioner.words();
        file.tensors().tensors().stream()
                .filter(entry -> entry.name().equals("decoder.words") && entry.shape().dim(0) != words)
                .findFirst()
                .ifPresent(
                        entry -> {
                            throw new IllegalArgumentException(
                                    ("was trained on another vocabulary: it has vectors of %,d words, its"
                                                    + " vocabulary has %,d")
                                            .formatted(entry.shape().dim(0), words));
                        });
    }

    /// Returns the size of pictures as texts, for the metadata of a model file.
    static Map<String, String> toMetadata(Shape picture) {
        return Map.of(SIDE, Integer.toString(picture.dim(1)));
    }

    /// Returns the height and width of pictures that [#toMetadata] wrote.
    static int side(Map<String, String> metadata) {
        return Texts.count(metadata, SIDE, 1);
    }

    /// Returns the shape of the pictures that the net sees, `[3, H, W]`.
    Shape picture() {
        return captioner.encoder().input();
    }

    /// Draws what was looked at before each word.
    ///
    /// @param pixels the picture, `[3, H, W]`
    /// @return a PNG file
    byte[] attention(byte[] pixels, Said said) {
        return attention(captioner, encoding, 3, pixels, said);
    }

    /// Draws what was looked at before each word.
    ///
    /// @param pixels the picture, `[channels, H, W]`
    /// @return a PNG file
    static byte[] attention(Captioner captioner, Encoding encoding, int channels, byte[] pixels, Said said) {
        Shape picture = captioner.encoder().input();
        Shape regions = captioner.encoder().output();
        List<String> words = encoding.tokens(said.ids());
        List<Look> looks =
                IntStream.range(0, words.size()).mapToObj(i -> new Look(words.get(i), said.weights().get(i))).toList();
        return AttentionPicture.png(
                Photo.of(pixels, channels, picture.dim(1), picture.dim(2)), regions.dim(1), regions.dim(2), looks);
    }

    /// Checks that the net was trained for pictures and words like those of a part.
    ///
    /// @throws IllegalArgumentException if its pictures are of another size, or it knows less than half of the words
    void requireFits(Path path, Part part, String data) {
        Shape wanted = part.picture().with(0, 3);
        if (!picture().equals(wanted)) {
            throw new IllegalArgumentException(
                    "%s: the net takes pictures %s, those of %s are %s".formatted(path, picture(), data, wanted));
        }
        Set<String> words = new HashSet<>();
        for (Captioned example : part.examples()) {
            example.captions().forEach(caption -> words.addAll(encoding.tokens(caption)));
        }
        long known = words.stream().filter(encoding.vocabulary()::contains).count();
        if (2 * known < words.size()) {
            throw new IllegalArgumentException(
                    "%s: was trained on another vocabulary: it knows %,d of the %,d words of %s in %s"
                            .formatted(path, known, words.size(), part.name(), data));
        }
    }
}
