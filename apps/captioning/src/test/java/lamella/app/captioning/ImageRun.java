package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The program of the image, run as a process of its own.
///
/// @param status the exit status
/// @param out what it wrote
/// @param err what it wrote to the error stream, without the JVM's line on incubator modules
record ImageRun(int status, String out, String err) {
    static final Path IMAGE = Path.of(System.getProperty("image", "target/image")).toAbsolutePath();
    private static final String JVM_NOTE = "WARNING: Using incubator modules: jdk.incubator.vector";
    private static final int LONGEST_SECONDS = 180;

    static ImageRun of(Object... arguments) {
        Process process = start(List.of(), arguments);
        var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
        String out = read(process.getInputStream());
        return new ImageRun(status(process), out, withoutNote(err.join()));
    }

    static Process start(List<String> before, Object... arguments) {
        var command = new ArrayList<>(before);
        command.add(IMAGE.resolve("bin/caption").toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("LAMELLA_"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    static int status(Process process) {
        try {
            boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            assertTrue(ended, "still running after " + LONGEST_SECONDS + " s");
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String withoutNote(String err) {
        return err.lines().filter(line -> !line.equals(JVM_NOTE)).collect(Collectors.joining("\n"));
    }

    /// Asserts that it ended well and returns the last line.
    String ok() {
        assertEquals("", err);
        assertEquals(0, status);
        return out.lines().reduce("", (_, line) -> line);
    }

    /// Asserts that it failed with this message and nothing else.
    void failed(String message) {
        assertEquals(message, err);
        assertEquals(1, status);
        assertEquals("", out);
    }
}
