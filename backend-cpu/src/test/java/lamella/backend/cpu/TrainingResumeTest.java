package lamella.backend.cpu;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.adam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.data.Augmentation;
import lamella.data.ImageDataset;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.optim.Schedule;
import lamella.train.EarlyStopping;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;
import lamella.train.TrainingState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Training through a checkpoint file, on float32: the file holds all bits. The reference backend
/// cannot show this, since it computes in double.
class TrainingResumeTest {
    private static final LayerSpec NET = sequential(flatten(), dense(17), relu(), dropout(0.3f), dense(3));

    @TempDir private Path folder;
    private final Backend backend = open(2);
    private final ImageDataset images = images();

    private static Backend open(int threads) {
        return new CpuBackendProvider().open(BackendOptions.defaults().threads(threads));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static ImageDataset images() {
        byte[] pixels = new byte[70 * 36];
        int[] labels = new int[70];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 + i / 7);
        }
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 3;
        }
        return ImageDataset.of(Shape.of(1, 6, 6), pixels, labels, 3)
                .augment(Augmentation.shift(1).then(Augmentation.rotate(10)));
    }

    private Model model(Backend on) {
        return Model.build(NET, Shape.of(1, 6, 6), on, 1);
    }

    private Trainer trainer(Model model) {
        return Trainer.of(model, Loss.crossEntropy(), adam(1e-2))
                .batchSize(16)
                .seed(9)
                .schedule(Schedule.cosine(20, 0))
                .validation(images);
    }

    private void save(Path file, Model model, Trainer trainer, EarlyStopping stopping) {
        var more = new ArrayList<>(trainer.optimizer().state());
        more.addAll(stopping.state());
        ModelFile.save(file, model, LayerCatalog.installed(), more, trainer.state().toMetadata());
    }

    /// Trains for 4 epochs and writes all that is left of it.
    private byte[] whole(Backend on, String name) throws IOException {
        Model model = model(on);
        Trainer trainer = trainer(model);
        EarlyStopping stopping = EarlyStopping.onLoss(9).restoring(model.state());
        trainer.fit(images, 4, stopping);
        Path file = folder.resolve(name);
        save(file, model, trainer, stopping);
        return Files.readAllBytes(file);
    }

    /// 5 steps make an epoch.
    @ParameterizedTest
    @ValueSource(ints = {3, 5, 10, 14})
    void endsInTheFileOfATrainingThatNeverStopped(int killedAfter) throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        Model first = model(backend);
        Trainer begun = trainer(first);
        EarlyStopping watching = EarlyStopping.onLoss(9).restoring(first.state());
        begun.fit(
                images,
                4,
                watching,
                (event, control) -> {
                    if (event instanceof TrainingEvent.StepEnded step && step.step() == killedAfter) {
                        save(checkpoint, first, begun, watching);
                        control.stop("killed");
                    }
                });

        ModelFile saved = ModelFile.open(checkpoint);
        Model second = saved.model(LayerCatalog.installed(), backend);
        Trainer resumed = trainer(second);
        EarlyStopping stopping = EarlyStopping.onLoss(9).restoring(second.state());
        saved.restore(resumed.optimizer().state());
        saved.restore(stopping.state());
        resumed.resume(TrainingState.of(saved.metadata())).fit(images, 4, stopping);
        Path end = folder.resolve("resumed");
        save(end, second, resumed, stopping);
        assertArrayEquals(whole(backend, "whole"), Files.readAllBytes(end));
    }

    @Test
    void writesTheSameFileForAnyNumberOfThreads() throws IOException {
        try (Backend one = open(1);
                Backend three = open(3)) {
            assertArrayEquals(whole(one, "one"), whole(three, "three"));
        }
    }

    @Test
    void keepsNoTimesInTheFile() throws IOException {
        assertArrayEquals(whole(backend, "first"), whole(backend, "second"));
        List<String> names =
                ModelFile.open(folder.resolve("first")).metadata().keySet().stream()
                        .filter(key -> key.startsWith("training."))
                        .sorted()
                        .toList();
        assertEquals(List.of("training.epoch", "training.history", "training.seed", "training.steps"), names);
    }
}
