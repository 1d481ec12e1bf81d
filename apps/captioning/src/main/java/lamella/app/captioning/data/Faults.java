package lamella.app.captioning.data;

import lamella.app.common.Utf8Lines;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Examples of a data set that are no good, counted and named.
final class Faults {
    private static final int NAMED = 3;

    /// What is wrong with an example.
    enum Kind {
        NO_CAPTION("picture has no caption", "pictures have no caption"),
        NO_PICTURE("captioned picture is not there", "captioned pictures are not there"),
        EMPTY_CAPTION("caption is empty", "captions are empty"),
        UNREADABLE("picture cannot be read", "pictures cannot be read");

        private final String one;
        private final String several;

        Kind(String one, String several) {
            this.one = one;
            this.several = several;
        }

        private String text(List<String> names) {
            String shown = names.stream().limit(NAMED).collect(Collectors.joining(", "));
            String more = names.size() > NAMED ? " and %,d more".formatted(names.size() - NAMED) : "";
            return String.format(
                    Locale.ROOT, "%,d %s (%s%s)", names.size(), names.size() == 1 ? one : several, shown, more);
        }
    }

    private final String place;
    private final Map<Kind, List<String>> names = new EnumMap<>(Kind.class);

    /// @param place what holds the examples, for messages
    Faults(String place) {
        this.place = place;
    }

    void add(Kind kind, String name) {
        names.computeIfAbsent(kind, _ -> new ArrayList<>()).add(name);
    }

    /// Tells of the faults, if there are any.
    ///
    /// @throws java.io.UncheckedIOException if there are and that is not tolerated
    void settle(Leniency leniency) {
        if (names.isEmpty()) {
            return;
        }
        String all =
                names.entrySet().stream()
                        .map(entry -> entry.getKey().text(entry.getValue()))
                        .collect(Collectors.joining("; "));
        if (!leniency.lenient()) {
            throw Utf8Lines.broken("%s: %s; --lenient leaves out what is no good".formatted(place, all), null);
        }
        leniency.notes().accept("%s: left out: %s".formatted(place, all));
    }
}
