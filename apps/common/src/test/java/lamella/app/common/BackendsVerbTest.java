package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class BackendsVerbTest {
    private final Output output = new Output();

    private int run(Path plugins, Map<String, String> environment) {
        var verb = new BackendsVerb(() -> Plugins.in(plugins));
        var app = new App("toy", "A toy.", "1", List.of(verb));
        return app.run(output.terminal(), environment, "backends");
    }

    @Test
    void saysThatThereIsNoBackend(@TempDir Path empty) {
        assertEquals(0, run(empty, Map.of()));
        assertEquals(
                """
                backend    module                   runs on
                there is none; add lamella.backend.cpu to the module path
                """,
                output.out());
    }

    @Test
    void saysThatTheEnvironmentNamesNone(@TempDir Path empty) {
        assertEquals(0, run(empty, Map.of("LAMELLA_BACKEND", "tpu")));
        assertTrue(output.out().endsWith("LAMELLA_BACKEND is 'tpu', which is none of these\n"), output::out);
    }

    @Test
    void listsWhatWasLeftOut(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("readme.txt"), "words");
        assertEquals(0, run(folder, Map.of()));
        assertTrue(output.out().endsWith("note: " + text + ": is no jar, left out\n"), output::out);
    }
}
