package lamella.app.imdb;

import lamella.app.common.Option;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;

import java.nio.file.Path;

/// What a model file holds: a net that judges reviews, and how they become numbers for it.
///
/// @param model the net
/// @param encoding makes the numbers
record TrainedModel(Model model, Encoding encoding) {
    static final Option<Path> MODEL = Option.path("--model", "FILE", "the model, as train wrote it").mustBeGiven();

    /// Reads a file.
    ///
    /// @throws IllegalArgumentException if it is damaged, or no model that judges reviews
    /// @throws java.io.UncheckedIOException if it cannot be read
    static TrainedModel open(Path path, LayerCatalog layers, Backend backend) {
        ModelFile file = ModelFile.open(path);
        Net.requireTakesReviews(file, path);
        Encoding encoding;
        try {
            encoding = Encoding.of(file.metadata());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
        Model model = file.model(layers, backend);
        Net.requireJudges(model, path.toString());
        return new TrainedModel(model, encoding);
    }
}
