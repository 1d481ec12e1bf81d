package lamella.app.captioning.data;

import lamella.app.common.Photo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Files of a folder. A name is the file's path within the folder, with `/` between its parts.
///
/// @param folder the folder
/// @param names of all its files
record PictureFolder(Path folder, Set<String> names) implements PictureSource {
    private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png", ".gif", ".bmp");

    /// Returns the files in a folder and the folders within it.
    ///
    /// @param depth how deep: 1 for the folder's own files
    /// @throws UncheckedIOException if the folder cannot be listed
    static PictureFolder of(Path folder, int depth) {
        try (var files = Files.find(folder, depth, (file, _) -> Files.isRegularFile(file))) {
            return new PictureFolder(
                    folder,
                    files.map(file -> folder.relativize(file).toString().replace('\\', '/'))
                            .collect(Collectors.toCollection(TreeSet::new)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the names of files that are pictures by the ends of their names.
    Set<String> pictures() {
        return names.stream().filter(PictureFolder::isPicture).collect(Collectors.toCollection(TreeSet::new));
    }

    /// Returns the folder within this one that has most pictures; this one if there are none.
    Path withMostPictures() {
        Map<String, Long> counts =
                pictures().stream()
                        .collect(
                                Collectors.groupingBy(
                                        name -> name.substring(0, Math.max(0, name.lastIndexOf('/'))),
                                        TreeMap::new,
                                        Collectors.counting()));
        return counts.entrySet().stream()
                .max(
                        Map.Entry.<String, Long>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(most -> folder.resolve(most.getKey()))
                .orElse(folder);
    }

    private static boolean isPicture(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(lower::endsWith);
    }

    @Override
    public Photo read(String name) {
        return Photo.read(folder.resolve(name));
    }
}
