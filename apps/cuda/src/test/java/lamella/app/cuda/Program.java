package lamella.app.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A program that runs as a process of its own.
///
/// @param command the command line, without the program's own arguments
/// @param environment the variables that it gets besides those of this process
record Program(List<String> command, Map<String, String> environment) {
    private static final String JVM_NOTE = "WARNING: Using incubator modules: jdk.incubator.vector\n";
    private static final int LONGEST_SECONDS = 300;

    /// Returns the program with one more variable.
    Program where(String variable, Object value) {
        var more = new HashMap<>(environment);
        more.put(variable, value.toString());
        return new Program(command, more);
    }

    /// How it ended.
    ///
    /// @param status the exit status
    /// @param out what it wrote
    /// @param err what it wrote to the error stream, after the JVM's line on incubator modules
    record Result(int status, String out, String err) {
        /// Asserts that it ended well, and returns the lines that it wrote.
        List<String> ok() {
            assertEquals("", err);
            assertEquals(0, status, out);
            return out.lines().toList();
        }

        /// Asserts that it failed with this message and nothing else.
        void failed(String message) {
            assertEquals(message + "\n", err);
            assertEquals("", out);
            assertEquals(1, status);
        }
    }

    Result run(Object... arguments) {
        var all = new ArrayList<>(command);
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        var builder = new ProcessBuilder(all);
        builder.environment().keySet().removeIf(name -> name.startsWith("LAMELLA_"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            String out = read(process.getInputStream());
            assertTrue(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), () -> all + " does not end");
            assertTrue(err.join().startsWith(JVM_NOTE), err::join);
            return new Result(process.exitValue(), out, err.join().substring(JVM_NOTE.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
}
