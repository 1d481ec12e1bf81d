package lamella.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Collection;
import java.util.stream.Collectors;

/// Text from files and from the system, made fit for a message of one line.
final class Shown {
    private static final int LONGEST_NAME = 120;
    private static final int LONGEST_LINE = 1000;
    private static final int MOST_NAMES = 8;

    private Shown() {}

    /// Returns a name or value without control, format and line-breaking characters, cut to 120.
    static String name(String name) {
        return cut(name, LONGEST_NAME);
    }

    /// Returns a message without such characters, cut to 1000.
    static String line(String message) {
        return cut(message, LONGEST_LINE);
    }

    private static String cut(String text, int longest) {
        var shown = new StringBuilder();
        text.codePoints().limit(longest).forEach(point -> append(shown, point));
        return text.codePointCount(0, text.length()) > longest ? shown + "..." : shown.toString();
    }

    private static void append(StringBuilder shown, int point) {
        switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    shown.append("\\u%04x".formatted(point));
            default -> shown.appendCodePoint(point);
        }
    }

    /// Returns the names, or the first few of them and how many more there are.
    static String names(Collection<String> names) {
        String first = names.stream().limit(MOST_NAMES).map(Shown::name).collect(Collectors.joining(", "));
        int more = names.size() - MOST_NAMES;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    /// Returns what went wrong, without the path that messages of the system repeat.
    static String reason(IOException e) {
        return switch (e) {
            case FileSystemException known when known.getReason() != null -> line(known.getReason());
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException folder -> folder.getFile() + " is not a folder";
            default -> line(e.getMessage() == null ? e.toString() : e.getMessage());
        };
    }
}
