package lamella.app.captioning.data;

import lamella.app.common.Photo;

import java.util.Set;

/// Where pictures are read from.
interface PictureSource {
    /// Returns the names of all that is there.
    Set<String> names();

    /// Reads a picture; may be called by several threads at once.
    ///
    /// @param name one of those that are there
    /// @throws java.io.UncheckedIOException if it cannot be read
    Photo read(String name);
}
