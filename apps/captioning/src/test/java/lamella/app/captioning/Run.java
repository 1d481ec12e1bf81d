package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.app.common.Terminal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The program, run in this process.
///
/// @param status the exit status
/// @param out what it wrote
/// @param err what it wrote to the error stream
record Run(int status, String out, String err) {
    static Run of(Object... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        int status = Main.app().run(Terminal.plain(stream(out), stream(err)), Map.of(), texts);
        return new Run(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8).stripTrailing());
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    String lastLine() {
        return out.lines().reduce("", (_, line) -> line);
    }

    /// Asserts that it ended well and returns it.
    Run ok() {
        assertEquals("", err);
        assertEquals(0, status);
        return this;
    }

    /// Asserts that it failed with this message and nothing else.
    void failed(String message) {
        assertEquals(message, err);
        assertEquals(1, status);
        assertEquals("", out);
    }
}
