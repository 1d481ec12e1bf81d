package lamella.app.common;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.data.ArrayDataset;
import lamella.data.Values;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.train.EarlyStopping;
import lamella.train.Metrics;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PrimitiveIterator;
import java.util.stream.DoubleStream;

class BestEpochTest {
    @TempDir Path work;
    private final Backend backend = ReferenceBackend.create();
    private final Model model = Model.build(sequential(dense(1).withoutBias()), Shape.of(1), backend, 1);
    private final ArrayDataset data =
            ArrayDataset.of(
                    new Values.Floats(Shape.of(1, 1), new float[] {1}),
                    new Values.Floats(Shape.of(1, 1), new float[] {100}));

    @AfterEach
    void close() {
        backend.close();
    }

    private float weight() {
        return model.parameters().getFirst().value().item();
    }

    /// Trains an epoch for each accuracy that is to be measured after it; returns the weights after each.
    private List<Float> train(Trainer trainer, EarlyStopping stopping, BestEpoch best, int epochs) {
        var weights = new ArrayList<Float>();
        trainer.fit(
                data,
                epochs,
                stopping,
                best,
                (event, _) -> {
                    if (event instanceof TrainingEvent.EpochEnded) {
                        weights.add(weight());
                    }
                });
        return weights;
    }

    private Trainer trainer(double... accuracies) {
        PrimitiveIterator.OfDouble next = DoubleStream.of(accuracies).iterator();
        return Trainer.of(model, Loss.meanSquaredError(), sgd(0.01))
                .validation(() -> new Metrics(1, OptionalDouble.of(next.nextDouble())));
    }

    private float used(BestEpoch best) {
        var seen = new ArrayList<Float>();
        best.use(() -> seen.add(weight()));
        return seen.getFirst();
    }

    @Test
    void usesTheBestEpochAndLeavesTheNewest() {
        var stopping = EarlyStopping.onAccuracy(9);
        var best = BestEpoch.of(model, Optional.of(stopping));
        List<Float> weights = train(trainer(0.5, 0.75, 0.6), stopping, best, 3);
        assertEquals(weights.get(1), used(best));
        assertEquals(weights.get(2), weight());
        assertEquals(weights.get(2), best.newest().getFirst().value().item());
    }

    @Test
    void ofTheSameAccuracyUsesTheEpochWithTheLowerLoss() {
        PrimitiveIterator.OfDouble losses = DoubleStream.of(3, 2, 2.5).iterator();
        var stopping = EarlyStopping.onAccuracy(9);
        var best = BestEpoch.of(model, Optional.of(stopping));
        Trainer trainer =
                Trainer.of(model, Loss.meanSquaredError(), sgd(0.01))
                        .validation(() -> new Metrics(losses.nextDouble(), OptionalDouble.of(0.5)));
        assertEquals(train(trainer, stopping, best, 3).get(1), used(best));
    }

    @Test
    void withoutAJudgeTheNewestIsTheBest() {
        var best = BestEpoch.of(model, Optional.empty());
        List<Float> weights = train(trainer(0.5, 0.75, 0.6), EarlyStopping.onAccuracy(9), best, 3);
        assertEquals(weights.get(2), used(best));
    }

    @Test
    void beforeTheFirstEpochIsOverItUsesWhatThereIs() {
        var best = BestEpoch.of(model, Optional.of(EarlyStopping.onAccuracy(9)));
        trainer(0.5).fit(data, 1);
        assertEquals(weight(), used(best));
    }

    @Test
    void putsTheNewestBackThoughTheTaskFails() {
        var stopping = EarlyStopping.onAccuracy(9);
        var best = BestEpoch.of(model, Optional.of(stopping));
        List<Float> weights = train(trainer(0.75, 0.5), stopping, best, 2);
        var failure = new IllegalStateException("full");
        assertThrows(
                IllegalStateException.class,
                () ->
                        best.use(
                                () -> {
                                    throw failure;
                                }));
        assertEquals(weights.get(1), weight());
    }

    @Test
    void resumesBothFromAFile() {
        var stopping = EarlyStopping.onAccuracy(9);
        var best = BestEpoch.of(model, Optional.of(stopping));
        Trainer trainer = trainer(0.75, 0.5);
        List<Float> weights = train(trainer, stopping, best, 2);
        Path file = work.resolve("m");
        best.use(
                () ->
                        ModelFile.save(
                                file, model, LayerCatalog.installed(), best.newest(), trainer.state().toMetadata()));

        Checkpoint from = Checkpoint.open(file);
        from.file().restore(model.state());
        assertEquals(weights.get(0), weight());
        var again = BestEpoch.of(model, Optional.of(EarlyStopping.onAccuracy(9)));
        again.resume(from);
        assertEquals(weights.get(1), weight());
        assertEquals(weights.get(0), used(again));
    }
}
