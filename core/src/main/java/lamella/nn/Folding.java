package lamella.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the parts of a frozen model: each joined with what follows it, as far as they let themselves be joined.
final class Folding {
    private final List<Scope.Part> parts = new ArrayList<>();

    private Folding() {}

    /// Returns fewer parts that do the same in inference, one after the other; none for parts that do nothing.
    static List<Scope.Part> of(List<Scope.Part> parts) {
        var folding = new Folding();
        parts.forEach(folding::add);
        return List.copyOf(folding.parts);
    }

    private void add(Scope.Part part) {
        Layer frozen = part.layer().frozen();
        if (frozen instanceof Sequential.Built(List<Scope.Part> inner)) {
            // its first parts may join with what is before it, its last with what follows
            inner.forEach(this::append);
        } else {
            append(new Scope.Part(part.place(), frozen, part.output()));
        }
    }

    private void append(Scope.Part next) {
        Optional<List<Finish>> steps = next.layer().finishes();
        if (steps.isPresent() && steps.get().isEmpty()) {
            return;
        }
        if (steps.isEmpty() || parts.isEmpty()) {
            parts.add(next);
            return;
        }
        Scope.Part last = parts.getLast();
        Optional<Layer> joined = Optional.of(last.layer());
        for (Finish step : steps.get()) {
            joined = joined.flatMap(layer -> join(layer, step));
        }
        if (joined.isPresent()) {
            parts.removeLast();
            parts.add(new Scope.Part(last.place() + " + " + next.place(), joined.get(), next.output()));
        } else {
            parts.add(next);
        }
    }

    private static Optional<Layer> join(Layer layer, Finish next) {
        return switch (layer) {
            case Joinable joinable -> joinable.followedBy(next);
            case Fusible linear -> new Fused(linear, List.of()).followedBy(next);
            default -> Optional.empty();
        };
    }
}
