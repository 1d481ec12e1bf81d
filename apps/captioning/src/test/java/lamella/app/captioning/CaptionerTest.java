package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.captioning.data.Captioned;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class CaptionerTest {
    private static final Backend CPU = Overfit.cpu();

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static Batch batch(Overfit few, int... indices) {
        return CaptionDataset.of(few.part(), few.encoding(), Pixels.plain(few.part().picture()))
                .batch(indices, RandomSource.of(0));
    }

    /// The same pictures and captions in targets with more room.
    private static Batch widened(Batch batch, int moreCaptions, int moreSteps) {
        var narrow = (Values.Ints) batch.targets();
        int captions = narrow.shape().dim(1);
        int steps = narrow.shape().dim(2);
        Shape wide = Shape.of(batch.size(), captions + moreCaptions, steps + moreSteps);
        int[] ids = new int[wide.size()];
        Arrays.fill(ids, -1);
        for (int row = 0; row < batch.size() * captions; row++) {
            int place = row / captions * wide.dim(1) + row % captions;
            System.arraycopy(narrow.elements(), row * steps, ids, place * wide.dim(2), steps);
        }
        return new Batch(batch.inputs(), new Values.Ints(wide, ids), batch.size());
    }

    /// A small net that has learnt nothing, and some of its pictures with captions of other ones.
    private static Overfit several(int... captions) {
        Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, true);
        List<Captioned> all = few.part().examples();
        var pictures = new ArrayList<Captioned>();
        for (int i = 0; i < captions.length; i++) {
            List<String> texts =
                    all.subList(4 * i, 4 * i + captions[i]).stream().map(of -> of.captions().getFirst()).toList();
            pictures.add(new Captioned("p" + i, all.get(i).pixels(), texts));
        }
        return few.with(pictures);
    }

    /// As many pictures as there are captions, with one each.
    private static Overfit repeated(Overfit of) {
        List<Captioned> single =
                of.part().examples().stream()
                        .flatMap(
                                picture ->
                                        picture.captions().stream()
                                                .map(c -> new Captioned(picture.name(), picture.pixels(), List.of(c))))
                        .toList();
        return of.with(single);
    }

    private static Batch whole(Overfit few) {
        return batch(few, IntStream.range(0, few.part().size()).toArray());
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
        Overfit few = Overfit.untrained(CPU, Design.Kind.TELL, false).train(140, Captioner.Taught.PLAIN);
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
        float loss = few.captioner().loss(batch(few, 0, 1, 2, 3), few.encoding(), Captioner.Taught.PLAIN).item();
        assertEquals(Math.log(few.encoding().vocabulary().size()), loss, 0.6);
    }

    @Test
    void roomForMoreStepsAndCaptionsChangesNoBit() {
        var taught = new Captioner.Taught(0.1f, 0.3f, 0.2f);
        for (Design.Kind kind : Design.Kind.values()) {
            Overfit few = Overfit.untrained(CPU, kind, true);
            Batch narrow = batch(few, 0, 5, 9);
            Gradients one = gradients(few, narrow, taught);
            for (Batch wide : List.of(widened(narrow, 0, 7), widened(narrow, 3, 0), widened(narrow, 2, 5))) {
                Gradients other = gradients(few, wide, taught);
                assertEquals(one.result().item(), other.result().item());
                for (Parameter parameter : few.captioner().parameters()) {
                    assertArrayEquals(one.of(parameter).toFloats(), other.of(parameter).toFloats(), parameter::path);
                }
            }
        }
    }

    /// Out of training, batch norm takes each picture by itself.
    @Test
    void severalCaptionsOfAPictureAreAsManyPicturesWithOne() {
        var taught = new Captioner.Taught(0.1f, 0.3f, 0);
        Overfit few = several(1, 4, 2);
        float together = few.captioner().loss(whole(few), few.encoding(), taught).item();
        Batch single = whole(repeated(few));
        assertEquals(7, single.size());
        assertEquals(together, few.captioner().loss(single, few.encoding(), taught).item(), 1e-5 * together);
        // not because pictures do not matter
        List<Captioned> pictures = few.part().examples();
        var exchanged = new ArrayList<Captioned>();
        for (int i = 0; i < 3; i++) {
            byte[] pixels = pictures.get((i + 1) % 3).pixels();
            exchanged.add(new Captioned("p" + i, pixels, pictures.get(i).captions()));
        }
        Batch others = whole(few.with(exchanged));
        float loss = few.captioner().loss(others, few.encoding(), taught).item();
        assertTrue(Math.abs(together - loss) > 1e-4 * together, together + ", " + loss);
    }

    /// In training, too, when all have as many: then batch norm finds the same mean and variance. What differs is the
    /// order in which gradients of a picture are summed.
    @Test
    void severalCaptionsOfAPictureTeachAsManyPicturesWithOne() {
        var taught = new Captioner.Taught(0.1f, 0.3f, 0);
        Overfit few = several(3, 3);
        Gradients together = gradients(few, whole(few), taught);
        Gradients single = gradients(few, whole(repeated(few)), taught);
        assertEquals(together.result().item(), single.result().item(), 1e-5);
        for (Parameter parameter : few.captioner().parameters()) {
            float[] expected = single.of(parameter).toFloats();
            float[] actual = together.of(parameter).toFloats();
            double scale = 0;
            for (float value : expected) {
                scale = Math.max(scale, Math.abs(value));
            }
            assertArrayEquals(expected, actual, (float) (1e-3 * scale + 1e-6), parameter::path);
        }
    }

    @Test
    void everyParameterGetsAGradient() {
        for (Design.Kind kind : Design.Kind.values()) {
            Overfit few = Overfit.untrained(CPU, kind, false);
            Gradients all = gradients(few, batch(few, 0, 5, 9), Captioner.Taught.PLAIN);
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
        Batch batch = batch(few, 0, 1, 2);
        float plain = few.captioner().loss(batch, few.encoding(), Captioner.Taught.PLAIN).item();
        float half = few.captioner().loss(batch, few.encoding(), new Captioner.Taught(0, 0.5f, 0)).item();
        float whole = few.captioner().loss(batch, few.encoding(), new Captioner.Taught(0, 1, 0)).item();
        assertTrue(half > plain, half + " > " + plain);
        assertEquals(2 * (half - plain), whole - plain, 1e-4);
    }

    @Test
    void itsOwnWordsChangeTheLossInTrainingOnly() {
        Overfit few = Overfit.untrained(CPU, Design.Kind.ATTEND, true);
        Batch batch = batch(few, 3, 4, 5, 6);
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
