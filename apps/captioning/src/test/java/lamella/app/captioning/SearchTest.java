package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.captioning.data.Captioned;
import lamella.backend.Backend;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

class SearchTest {
    private static final Backend CPU = Overfit.cpu();

    /// A net that is not sure of anything.
    private static final Overfit UNSURE =
            Overfit.untrained(CPU, Design.Kind.ATTEND, true).train(6, Captioner.Taught.PLAIN);

    @AfterAll
    static void close() {
        CPU.close();
    }

    private static List<String> texts(List<Said> said) {
        return said.stream().map(one -> UNSURE.encoding().text(one.ids())).toList();
    }

    @Test
    void everyCaptionHasAnEnd() {
        Overfit untrained = Overfit.untrained(CPU, Design.Kind.ATTEND, false);
        for (Saying saying : List.of(Search.greedy(), new Search(4, 1), new Sampling(5, 1000, 3))) {
            for (Said said : untrained.said(saying, false)) {
                assertTrue(said.ids().length <= untrained.encoding().longest());
                assertTrue(
                        Arrays.stream(said.ids())
                                .allMatch(id -> untrained.encoding().isSaid(id) && id != untrained.encoding().end()));
            }
        }
    }

    @Test
    void aWiderBeamFindsLikelierCaptions() {
        double greedy = UNSURE.said(Search.greedy(), false).stream().mapToDouble(Said::score).sum();
        double wide = UNSURE.said(new Search(8, 0), false).stream().mapToDouble(Said::score).sum();
        assertTrue(wide > greedy, wide + " > " + greedy);
    }

    @Test
    void theScoreIsTheLossOfTheCaption() {
        List<Said> all = UNSURE.said(new Search(3, 0), false);
        for (int i = 0; i < 4; i++) {
            Said said = all.get(i);
            Captioned picture = UNSURE.part().examples().get(i);
            String text = String.join(" ", UNSURE.encoding().tokens(said.ids()));
            var part =
                    new lamella.app.captioning.data.Part(
                            "one",
                            UNSURE.part().picture(),
                            List.of(new Captioned("one", picture.pixels(), List.of(text))));
            var dataset = CaptionDataset.of(part, UNSURE.encoding(), Pixels.plain(part.picture()));
            var batch = dataset.batch(new int[] {0}, lamella.tensor.RandomSource.of(0));
            float loss = UNSURE.captioner().loss(batch, UNSURE.encoding(), Captioner.Taught.PLAIN).item();
            assertEquals(said.score(), -loss * (said.ids().length + 1), 1e-3);
        }
    }

    @Test
    void normalizationMakesCaptionsLonger() {
        int plain = words(new Search(5, 0));
        int normalized = words(new Search(5, 2));
        assertTrue(normalized > plain, normalized + " > " + plain);
    }

    private static int words(Search search) {
        return UNSURE.said(search, false).stream().mapToInt(said -> said.ids().length).sum();
    }

    @Test
    void otherPicturesChangeNothing() {
        for (Saying saying : List.of(Search.greedy(), new Search(3, 0.7f))) {
            List<Said> together = UNSURE.said(saying, false);
            var describer = new Describer(UNSURE.captioner(), UNSURE.encoding(), saying);
            for (int i = 0; i < 4; i++) {
                List<Said> alone =
                        describer.describe(UNSURE.part().picture(), UNSURE.part().examples().subList(i, i + 1), false);
                assertArrayEquals(together.get(i).ids(), alone.getFirst().ids());
                assertEquals(together.get(i).score(), alone.getFirst().score(), 1e-4);
            }
        }
    }

    @Test
    void tellsWhatWasLookedAt() {
        for (Saying saying : List.of(Search.greedy(), new Search(3, 0.7f), new Sampling(1, 5, 1))) {
            for (Said said : UNSURE.said(saying, true)) {
                assertEquals(said.ids().length, said.weights().size());
                for (float[] weights : said.weights()) {
                    assertEquals(16, weights.length);
                    assertEquals(1, IntStream.range(0, 16).mapToDouble(i -> weights[i]).sum(), 1e-5);
                }
            }
            assertTrue(UNSURE.said(saying, false).stream().allMatch(said -> said.weights().isEmpty()));
        }
        Overfit telling = Overfit.untrained(CPU, Design.Kind.TELL, true);
        assertTrue(telling.said(new Search(2, 0), true).stream().allMatch(said -> said.weights().isEmpty()));
    }

    @Test
    void drawsTheSameWithTheSameSeed() {
        List<String> one = texts(UNSURE.said(new Sampling(1, 20, 5), false));
        assertEquals(one, texts(UNSURE.said(new Sampling(1, 20, 5), false)));
        assertNotEquals(one, texts(UNSURE.said(new Sampling(1, 20, 6), false)));
    }

    @Test
    void drawsTheLikeliestWordsWhereThereIsNoChoice() {
        List<String> greedy = texts(UNSURE.said(Search.greedy(), false));
        assertEquals(greedy, texts(UNSURE.said(new Sampling(1, 1, 5), false)));
        assertEquals(greedy, texts(UNSURE.said(new Sampling(1e-6f, 20, 5), false)));
        assertFalse(greedy.isEmpty());
    }

    @Test
    void rejectsSettingsOutOfRange() {
        var e = assertThrows(IllegalArgumentException.class, () -> new Search(0, 0));
        assertEquals("beam: width must be at least 1, got 0", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Sampling(0, 1, 1));
        assertEquals("sampling: temperature must be above 0 and finite, got 0.0", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1));
        assertEquals("sampling: words must be at least 1, got 0", e.getMessage());
    }
}
