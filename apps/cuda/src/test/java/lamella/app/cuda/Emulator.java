package lamella.app.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// The device that the tests of the backend emulate on the processor.
final class Emulator {
    private Emulator() {}

    /// Returns the program that compiles C++, if there is one.
    static Optional<String> compiler() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "g++"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /// Returns the folder of its libraries, which are built if they are not there; skips the test where they cannot.
    static Path libraries() throws IOException, InterruptedException {
        assumeTrue(compiler().isPresent(), "the emulated device needs g++, which is not here");
        Path folder = Arrangement.BACKEND.resolve("target").resolve("emulator");
        Path script = Arrangement.BACKEND.resolve("src").resolve("test").resolve("emulator").resolve("build.sh");
        var builder = new ProcessBuilder("sh", script.toString(), folder.toString());
        assertEquals(0, builder.inheritIO().start().waitFor());
        return folder;
    }
}
