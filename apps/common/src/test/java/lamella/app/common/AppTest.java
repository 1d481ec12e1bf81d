package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.array.ShapeException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

class AppTest {
    private static final Option<Integer> EPOCHS = Option.integer("--epochs", "passes over the data", 1).or(12);
    private static final Option<Float> RATE = Option.positive("--learning-rate", "step size");
    private static final Option<Path> OUT = Option.path("--out", "FILE", "where it goes");
    private static final Option<Path> MODEL = Option.path("--model", "FILE", "the model").mustBeGiven();
    private static final Option<Boolean> SHARPEN = Option.toggle("--sharpen", "sharpen them");
    private static final Option<Boolean> AUGMENT = Option.flag("--augment", "distort 100% of them");

    private record Made(
            String name, List<Option<?>> options, Optional<Operands> operands, BiConsumer<Arguments, Terminal> body)
            implements Verb {
        @Override
        public String description() {
            return "Does " + name + ".";
        }

        @Override
        public void run(Arguments arguments, Terminal terminal) {
            body.accept(arguments, terminal);
        }
    }

    private final Output output = new Output();

    private int run(BiConsumer<Arguments, Terminal> body, String... arguments) {
        List<Option<?>> options =
                List.of(EPOCHS, RATE, AUGMENT, SHARPEN, CommonOptions.THREADS, CommonOptions.SEED, OUT);
        var verbs =
                List.<Verb>of(
                        new Made("train", options, Optional.empty(), body),
                        new Made("classify", List.of(MODEL), Optional.of(Operands.required("IMAGE", "pictures")), body),
                        new Made("score", List.of(), Optional.of(Operands.optional("TEXT", "texts")), body));
        var app = new App("toy", "A toy.", "1.2", verbs);
        return app.run(output.terminal(), Map.of("LAMELLA_BACKEND", " "), arguments);
    }

    private int run(String... arguments) {
        return run((_, _) -> {}, arguments);
    }

    /// A verb with a hundred options would cost a run of another one time.
    @Test
    void asksNoOtherVerbForItsOptions() {
        var asked = new ArrayList<String>();
        var app = new App("toy", "A toy.", "1.2", List.of(new Telling("train", asked), new Telling("score", asked)));
        assertEquals(0, app.run(output.terminal(), Map.of(), "score"));
        assertEquals(Set.of("score"), Set.copyOf(asked));
        assertEquals(2, app.run(output.terminal(), Map.of(), "scores"));
        assertTrue(output.err().startsWith("unknown verb 'scores'"), output::err);
        assertEquals(Set.of("train", "score"), Set.copyOf(asked));
    }

    /// A verb that notes when it is asked for its options.
    private record Telling(String name, List<String> asked) implements Verb {
        @Override
        public String description() {
            return "Does " + name + ".";
        }

        @Override
        public List<Option<?>> options() {
            asked.add(name);
            return List.of();
        }

        @Override
        public void run(Arguments arguments, Terminal terminal) {}
    }

    @Test
    void readsValuesByType() {
        int status =
                run(
                        (arguments, _) ->
                                assertAll(
                                        () -> assertEquals(3, arguments.get(EPOCHS)),
                                        () -> assertEquals(0.5f, arguments.get(RATE)),
                                        () -> assertTrue(arguments.get(AUGMENT)),
                                        () -> assertEquals(-7L, arguments.get(CommonOptions.SEED)),
                                        () -> assertEquals(Optional.empty(), arguments.find(OUT)),
                                        () -> assertEquals(Optional.empty(), arguments.environment("LAMELLA_BACKEND"))),
                        "train",
                        "--epochs",
                        "3",
                        "--learning-rate=0.5",
                        "--augment",
                        "--seed",
                        "-7");
        assertEquals(0, status, output::err);
    }

    @Test
    void togglesAreOnOffOrLeftOpen() {
        assertEquals(0, run((a, _) -> assertEquals(Optional.empty(), a.find(SHARPEN)), "train"), output::err);
        assertEquals(0, run((a, _) -> assertTrue(a.get(SHARPEN)), "train", "--sharpen"), output::err);
        assertEquals(0, run((a, _) -> assertFalse(a.get(SHARPEN)), "train", "--sharpen=false"), output::err);
        assertEquals(0, run((a, _) -> assertTrue(a.get(SHARPEN)), "train", "--sharpen", "--epochs", "3"), output::err);
        assertEquals(2, run("train", "--sharpen=maybe"));
        assertEquals(
                "invalid value for option '--sharpen': 'maybe' is not a boolean" + System.lineSeparator(),
                output.err());
    }

    @Test
    void takesDefaultsWhereNothingIsWritten() {
        int status =
                run(
                        (arguments, _) -> {
                            assertEquals(12, arguments.get(EPOCHS));
                            assertEquals(1L, arguments.get(CommonOptions.SEED));
                            assertEquals(false, arguments.get(AUGMENT));
                            assertEquals(false, arguments.has(AUGMENT));
                        },
                        "train");
        assertEquals(0, status, output::err);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--threads 0         | --threads must be at least 1, got 0",
                "--epochs -1         | --epochs must be at least 1, got -1",
                "--epochs 3000000000 | --epochs must be at most 2147483647, got 3000000000",
                "--epochs many       | --epochs must be a whole number, got 'many'",
                "--epochs 1.5        | --epochs must be a whole number, got '1.5'",
                "--seed 1e3          | --seed must be a whole number, got '1e3'",
                "--learning-rate 0   | --learning-rate must be above 0 and finite, got 0",
                "--learning-rate NaN | --learning-rate must be a number, got 'NaN'",
                "--learning-rate 1e99| --learning-rate must be above 0 and finite, got 1e99",
                "--out ''            | --out must be a path, got ''",
            })
    void rejectsValuesWithStatus1(String arguments, String message) {
        String[] words = ("train " + arguments.replace("''", "")).split(" ", 3);
        assertEquals(1, run(words));
        assertEquals(message + System.lineSeparator(), output.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "train --epoch 3     | unknown option '--epoch'; did you mean '--epochs'?",
                "train --thread 3    | unknown option '--thread'; did you mean '--threads'?",
                "train --zzz         | unknown option '--zzz'; see 'toy train --help'",
                "train now           | unexpected argument 'now'",
                "trian               | unknown verb 'trian'; did you mean 'train'?",
                "qqqq                | unknown verb 'qqqq'; see 'toy --help'",
                "train --epochs      | missing required parameter for option '--epochs' (N)",
                "classify a.png      | missing required option: '--model=FILE'",
                "classify --model m  | missing required parameter: 'IMAGE'",
            })
    void rejectsUsageWithStatus2(String arguments, String message) {
        assertEquals(2, run(arguments.split(" ")));
        assertEquals(message + System.lineSeparator(), output.err());
        assertEquals("", output.out());
    }

    @Test
    void takesEveryOperand() {
        int status =
                run(
                        (arguments, _) -> assertEquals(List.of("a", "@b", "-c"), arguments.operands()),
                        "classify",
                        "--model",
                        "m",
                        "a",
                        "@b",
                        "--",
                        "-c");
        assertEquals(0, status, output::err);
    }

    @Test
    void operandsCanBeOptional() {
        assertEquals(0, run((arguments, _) -> assertEquals(List.of(), arguments.operands()), "score"), output::err);
        assertEquals(0, run((arguments, _) -> assertEquals(List.of("", "b"), arguments.operands()), "score", "", "b"));
    }

    @Test
    void helpNamesVerbsOptionsAndDefaults() {
        assertEquals(0, run("--help"));
        assertEquals(0, run("train", "--help"));
        for (String part : List.of("A toy.", "train", "Does classify.", "--epochs=N", "12)", "100%")) {
            assertTrue(output.out().contains(part), () -> part + " is not in " + output.out());
        }
        assertEquals("", output.err());
    }

    @Test
    void versionIsOneLine() {
        assertEquals(0, run("--version"));
        assertEquals("toy 1.2" + System.lineSeparator(), output.out());
    }

    @Test
    void nothingToDoShowsTheHelpAsAnError() {
        assertEquals(2, run());
        assertTrue(output.err().startsWith("Usage: toy"), output::err);
        assertEquals("", output.out());
    }

    @Test
    void expectedFailuresAreTheirMessage() {
        assertEquals("bad", failing(new IllegalArgumentException("bad")));
        assertEquals("too late", failing(new IllegalStateException("too late")));
        assertEquals("own words", failing(new UncheckedIOException("own words", new IOException())));
        assertEquals("a/b: no such file or folder", failing(new UncheckedIOException(new NoSuchFileException("a/b"))));
        assertEquals("a/b: permission denied", failing(new UncheckedIOException(new AccessDeniedException("a/b"))));
        assertEquals(
                "a/b: No space left on device",
                failing(new UncheckedIOException(new FileSystemException("a/b", null, "No space left on device"))));
        assertEquals(
                """
                conv2d: too small
                  input    [1, 2]
                  at net.conv2d1 = conv2d(6, 5)\
                """,
                failing(
                        ShapeException.of("conv2d", "too small")
                                .operand("input", Shape.of(1, 2), "", "")
                                .at("net.conv2d1 = conv2d(6, 5)")));
    }

    private String failing(RuntimeException failure) {
        var fresh = new AppTest();
        assertEquals(1, fresh.run(thrower(failure), "train"));
        return fresh.output.err().stripTrailing();
    }

    private static BiConsumer<Arguments, Terminal> thrower(RuntimeException failure) {
        return (_, _) -> {
            throw failure;
        };
    }

    @Test
    void bugsShowTheirTrace() {
        assertEquals(1, run(thrower(new ArithmeticException("/ by zero")), "train"));
        assertTrue(output.err().startsWith("this is a bug in toy 1.2:"), output::err);
        assertTrue(output.err().contains("at lamella.app.common"), output::err);
    }

    @Test
    void interruptionIsStatus130WithoutWords() {
        assertEquals(130, run(thrower(new Interruption.Interrupted()), "train"));
        assertEquals("", output.err());
    }
}
