package lamella.app.imdb;

import lamella.app.common.Arguments;
import lamella.app.common.Option;
import lamella.app.common.Utf8Lines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where reviews are from: two parts of which the second is to test with.
sealed interface ReviewData permits ReviewFolder, PackedReviews, SampleReviews {
    Option<Path> DATA =
            Option.path(
                    "--data",
                    "DIR",
                    "the Large Movie Review Dataset: the folder aclImdb, or a folder with the packed files "
                            + PackedReviews.NAMES
                            + ", or the first of these files");
    Option<Boolean> SAMPLE =
            Option.flag("--sample", "in place of --data: short reviews that the program makes up, to try it out");

    /// Reads the reviews to learn from.
    ///
    /// @throws java.io.UncheckedIOException if a file is missing or broken
    List<Review> train();

    /// Reads the reviews to test with.
    ///
    /// @throws java.io.UncheckedIOException if a file is missing or broken
    List<Review> test();

    /// Returns what the user named.
    ///
    /// @throws IllegalArgumentException if it is nothing, or both a place and the sample
    /// @throws java.io.UncheckedIOException if there are no reviews at this place
    static ReviewData of(Arguments arguments) {
        Optional<Path> place = arguments.find(DATA);
        if (arguments.get(SAMPLE)) {
            if (place.isPresent()) {
                throw new IllegalArgumentException("--sample and --data are one too many");
            }
            return new SampleReviews();
        }
        return at(
                place.orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--data DIR is missing: unpack the Large Movie Review Dataset (Maas et al."
                                                + " 2011, ai.stanford.edu/~amaas/data/sentiment) and name its folder"
                                                + " aclImdb; or try the program out with --sample")));
    }

    private static ReviewData at(Path place) {
        if (!Files.exists(place)) {
            throw Utf8Lines.broken(place + ": no such file or folder", null);
        }
        if (!Files.isDirectory(place)) {
            return PackedReviews.beside(place);
        }
        if (Files.isDirectory(place.resolve("train"))) {
            return new ReviewFolder(place);
        }
        List<Path> packed = PackedReviews.in(place);
        if (packed.size() > 1) {
            throw Utf8Lines.broken(
                    "%s: holds several training parts, such as %s and %s; name one of them"
                            .formatted(place, packed.get(0).getFileName(), packed.get(1).getFileName()),
                    null);
        }
        if (packed.isEmpty()) {
            throw Utf8Lines.broken(
                    place + ": holds neither the folders train and test nor the files " + PackedReviews.NAMES, null);
        }
        return PackedReviews.beside(packed.getFirst());
    }
}
