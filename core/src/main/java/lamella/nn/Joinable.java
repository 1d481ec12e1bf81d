package lamella.nn;

import java.util.Optional;

/// A part of a frozen model that may take in the step after it.
interface Joinable extends Layer {
    /// Returns this and the step in one; empty where they must stay apart.
    Optional<Layer> followedBy(Finish next);
}
