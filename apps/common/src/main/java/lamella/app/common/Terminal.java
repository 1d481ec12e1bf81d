package lamella.app.common;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Where a program writes.
///
/// @param out for results
/// @param err for messages about what went wrong
/// @param live whether `out` is a terminal, on which a line can be written over
/// @param width columns of the terminal
public record Terminal(PrintStream out, PrintStream err, boolean live, int width) {
    private static final int USUAL_WIDTH = 80;

    /// Returns the terminal of this process.
    public static Terminal system() {
        var console = System.console();
        boolean live = console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(System.out, System.err, live, live ? columns() : USUAL_WIDTH);
    }

    /// Returns a place to write to that is no terminal.
    public static Terminal plain(PrintStream out, PrintStream err) {
        return new Terminal(out, err, false, USUAL_WIDTH);
    }

    /// Returns this terminal without liveness: lines are written one after the other.
    public Terminal plain() {
        return new Terminal(out, err, false, width);
    }

    /// Tells whether `out` can show a text.
    boolean shows(String text) {
        Charset charset = out.charset();
        return charset.equals(StandardCharsets.UTF_8) || charset.newEncoder().canEncode(text);
    }

    /// Asks the terminal itself: Java has no call for it.
    private static int columns() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (var answer = stty.inputReader(StandardCharsets.US_ASCII)) {
                if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                    stty.destroyForcibly();
                    return USUAL_WIDTH;
                }
                return parseColumns(answer.readLine());
            }
        } catch (IOException e) {
            return USUAL_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }

    /// The second number of `rows columns`; 0 means that the terminal does not know.
    static int parseColumns(String size) {
        if (size == null || !size.matches("\\d{1,6} \\d{1,6}")) {
            return USUAL_WIDTH;
        }
        int columns = Integer.parseInt(size.substring(size.indexOf(' ') + 1));
        return columns > 0 ? columns : USUAL_WIDTH;
    }
}
