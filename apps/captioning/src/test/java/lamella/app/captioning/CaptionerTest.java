package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.data.Batch;
import lamella.data.Values;
import lamella.nn.Mode;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

class CaptionerTest {
    private static final Backend CPU = Overfit.cpu();

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static Batch batch(Overfit few, int padding, int... indices) {
        var dataset = CaptionDataset.of(few.part(), few.encoding(), Pixels.plain(few.part().picture()));
        Batch batch = dataset.batch(indices, RandomSource.of(0));
        var targets = (Values.Padded) batch.targets();
        int[] ids = ((Values.Ints) targets.values()).elements();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = ids[i] == -1 ? padding : ids[i];
        }
        return batch;
    }

    private static Gradients gradients(Overfit few, Batch batch, Captioner.Taught taught) {
        Captioner captioner = few.captioner();
        return Autograd.differentiate(
                captioner.parameters(),
                () -> Mode.train(RandomSource.of(7), _ -> {}, () -> captioner.loss(batch, few.encoding(), taught)));
    }

    @Test
    void learnsSixteenNamesByHeart() {
        long start = System.nanoTime();
        Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, true).train(60, Captioner.Taught.PLAIN);
        Scores scores = few.scores(Search.greedy());
        assertEquals(1, scores.captions().exactMatch(), scores::toString);
        assertEquals(1, few.scores(new Search(3, 0.7f)).captions().exactMatch());
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 60);
    }

    @Test
    void learnsThemWithoutAttention() {
        Overfit few = Overfit.untrained(CPU, Design.Kind.TELL, false).train(80, Captioner.Taught.PLAIN);
        assertEquals(1, few.scores(Search.greedy()).captions().exactMatch());
    }

    @Test
    void learnsThemWithAllThatRegularizes() {
        var taught = new Captioner.Taught(0.1f, 0.5f, 0.2f);
        Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, true).train(80, taught);
        assertEquals(1, few.scores(Search.greedy()).captions().exactMatch());
    }

    @Test
    void tellsTheLossOfOneWordFromAnUntrainedNet() {
        Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, false);
        float loss = few.captioner().loss(batch(few, -1, 0, 1, 2, 3), few.encoding(), Captioner.Taught.PLAIN).item();
        assertEquals(Math.log(few.encoding().vocabulary().size()), loss, 0.6);
    }

    @Test
    void paddingChangesNoBit() {
        for (Design.Kind kind : Design.Kind.values()) {
            Overfit few = Overfit.untrained(CPU, kind, true);
            var taught = new Captioner.Taught(0.1f, 0.3f, 0);
            Gradients one = gradients(few, batch(few, -1, 0, 5, 9), taught);
            Gradients other = gradients(few, batch(few, 3, 0, 5, 9), taught);
            assertEquals(one.result().item(), other.result().item());
            for (Parameter parameter : few.captioner().parameters()) {
                assertTrue(
                        Arrays.equals(one.of(parameter).toFloats(), other.of(parameter).toFloats()), parameter::path);
            }
        }
    }

    @Test
    void everyParameterGetsAGradient() {
        for (Design.Kind kind : Design.Kind.values()) {
            Overfit few = Overfit.untrained(CPU, kind, false);
            Gradients all = gradients(few, batch(few, -1, 0, 5, 9), Captioner.Taught.PLAIN);
            List<String> without =
                    few.captioner().parameters().stream()
                            .filter(p -> allZero(all.of(p).toFloats()))
                            .map(Parameter::path)
                            .collect(Collectors.toList());
            assertEquals(List.of(), without);
        }
    }

    private static boolean allZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void addsWhatIsUnevenlyLookedAt() {
        Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, true);
        Batch batch = batch(few, -1, 0, 1, 2);
        float plain = few.captioner().loss(batch, few.encoding(), Captioner.Taught.PLAIN).item();
        float half = few.captioner().loss(batch, few.encoding(), new Captioner.Taught(0, 0.5f, 0)).item();
        float whole = few.captioner().loss(batch, few.encoding(), new Captioner.Taught(0, 1, 0)).item();
        assertTrue(half > plain, half + " > " + plain);
        assertEquals(2 * (half - plain), whole - plain, 1e-4);
    }

    @Test
    void itsOwnWordsChangeTheLossInTrainingOnly() {
        Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, true);
        Batch batch = batch(few, -1, 3, 4, 5, 6);
        var own = new Captioner.Taught(0, 0, 1);
        float plain = few.captioner().loss(batch, few.encoding(), Captioner.Taught.PLAIN).item();
        assertEquals(plain, few.captioner().loss(batch, few.encoding(), own).item());
        assertNotEquals(
                gradients(few, batch, Captioner.Taught.PLAIN).result().item(),
                gradients(few, batch, own).result().item());
    }

    @Test
    void tiesTheOutputToTheWords() {
        int words = Overfit.untrained(CPU, Design.Kind.TELL, true).captioner().words();
        long tied = Overfit.untrained(CPU, Design.Kind.TELL, true).captioner().size();
        assertEquals(tied + 32L * words, Overfit.untrained(CPU, Design.Kind.TELL, false).captioner().size());
    }

    @Test
    void rejectsAnEncoderThatMakesNoMap() {
        var flat = lamella.nn.Layers.sequential(lamella.nn.Layers.flatten());
        var design = new Design(Design.Kind.ATTEND, flat, 8, 8, 8, 0, true);
        var e =
                org.junit.jupiter.api.Assertions.assertThrows(
                        IllegalArgumentException.class, () -> Captioner.build(design, Shape.of(3, 8, 8), 5, CPU, 1));
        assertEquals("the encoder makes [192], expected a map [C, H, W]", e.getMessage());
    }
}
