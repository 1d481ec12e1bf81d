package lamella.app.imdb.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.app.imdb.tour.Sentence.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.Stream;

class SentenceTest {
    @ParameterizedTest
    @CsvSource({
        "HARRY MET SALLY STOP,               NONE,      1, 0",
        "HARRY MET HARRY STOP,               SAME_NAME, 1, 1",
        "JAMES STOP,                         TOO_SHORT, 0, 0",
        "HARRY MET SALLY MET JAMES STOP,     TOO_LONG,  2, 0",
        "HARRY MET HARRY MET HARRY STOP,     TOO_LONG,  2, 2",
        "STOP,                               OTHER,     0, 0",
        "HARRY MET STOP,                     OTHER,     0, 0",
        "MET STOP,                           OTHER,     0, 0",
        "MET MET MET STOP,                   OTHER,     0, 0",
        "HARRY SALLY SALLY STOP,             OTHER,     0, 0",
        "SALLY SALLY MET SALLY STOP,         OTHER,     1, 1"
    })
    void tellsWhatIsWrongAndWhoMet(String words, Fault fault, int meetings, int selfMeetings) {
        List<Word> said = Stream.of(words.split(" ")).map(Word::valueOf).toList();
        var sentence = new Sentence(said);
        assertEquals(fault, sentence.fault());
        assertEquals(meetings, sentence.meetings());
        assertEquals(selfMeetings, sentence.selfMeetings());
    }

    @Test
    void printsAsItIsSaid() {
        assertEquals(
                "Harry met James .", new Sentence(List.of(Word.HARRY, Word.MET, Word.JAMES, Word.STOP)).toString());
    }
}
