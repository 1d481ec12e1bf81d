package lamella.app.imdb.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.app.imdb.tour.Sentence.Fault;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

class SpeakerTest {
    private static Sentence next(Speaker speaker) {
        var words = new ArrayList<Word>();
        do {
            words.add(Word.of(speaker.next()));
        } while (words.getLast() != Word.STOP);
        return new Sentence(words);
    }

    @Test
    void saysEachSentenceOfTheLanguageAboutEquallyOftenAndNoOther() {
        var speaker = new Speaker(RandomSource.of(1), 0);
        Map<String, Integer> said = new HashMap<>();
        for (int i = 0; i < 6000; i++) {
            Sentence sentence = next(speaker);
            assertEquals(Fault.NONE, sentence.fault(), sentence::toString);
            said.merge(sentence.toString(), 1, Integer::sum);
        }
        assertEquals(6, said.size(), said::toString);
        // 1,000 each; the deviation is 29
        said.forEach((sentence, count) -> assertEquals(1000, count, 130, sentence));
    }

    @Test
    void wordsThatNobodyHearsAreSaidAllTheSame() {
        var whole = new Speaker(RandomSource.of(1), 0);
        var later = new Speaker(RandomSource.of(1), 6);
        for (int i = 0; i < 6; i++) {
            whole.next();
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(whole.next(), later.next());
        }
    }
}
