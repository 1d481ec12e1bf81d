package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.app.common.Plugins;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

class TrainedModelTest {
    private static final Backend CPU = Overfit.cpu();
    private static final LayerCatalog LAYERS = Plugins.load().layers();
    private final Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, true);
    @TempDir Path work;

    @AfterAll
    static void close() {
        CPU.close();
    }

    private Path save(Map<String, String> changes) {
        var metadata = new HashMap<>(few.captioner().design().toMetadata(LAYERS));
        metadata.putAll(few.encoding().toMetadata());
        metadata.putAll(TrainedModel.toMetadata(few.captioner().encoder().input()));
        metadata.putAll(changes);
        metadata.values().removeIf(String::isEmpty);
        Path file = work.resolve("m.safetensors");
        ModelFile.save(file, few.captioner().state(), metadata);
        return file;
    }

    private void refused(Map<String, String> changes, String message) {
        Path file = save(changes);
        var e = assertThrows(RuntimeException.class, () -> TrainedModel.open(file, LAYERS, CPU));
        assertEquals(message.formatted(file), e.getMessage());
    }

    @Test
    void comesBackAsItWas() {
        TrainedModel back = TrainedModel.open(save(Map.of()), LAYERS, CPU);
        assertEquals(few.encoding(), back.encoding());
        assertEquals(few.captioner().design(), back.captioner().design());
        var before = few.said(Search.greedy(), false);
        var after =
                new Describer(back.captioner(), back.encoding(), Search.greedy())
                        .describe(few.part().picture(), few.part().examples(), false);
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i).score(), after.get(i).score());
        }
    }

    @Test
    void refusesAnotherVocabulary() {
        int words = few.captioner().words();
        refused(
                Map.of("caption.vocabulary", few.encoding().vocabulary().toText() + " more"),
                "%s: was trained on another vocabulary: it has vectors of "
                        + words
                        + " words, its vocabulary has "
                        + (words + 1));
    }

    @Test
    void refusesWhatIsMissingOrMalformed() {
        refused(Map.of("caption.net", ""), "%s: was not written by caption train: it has no caption.net");
        refused(Map.of("caption.net", "show"), "%s: no net named 'show'; known: [attend, tell]");
        refused(Map.of("caption.size", "0"), "%s: caption.size must be at least 1, got 0");
        refused(Map.of("caption.hidden", "x"), "%s: caption.hidden must be a whole number, got 'x'");
        refused(
                Map.of("caption.hidden", "65"),
                "checkpoint: decoder.lstm.inputWeight is [256, 64] in the file but [260, 64] in the model");
    }
}
