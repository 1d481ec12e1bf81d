package lamella.app.imdb.tour;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.imdb.tour.FiveWords.Result;
import lamella.app.imdb.tour.Sentence.Fault;

import org.junit.jupiter.api.Test;

import java.util.function.Function;

class FiveWordsTest {
    /// Two thirds of what the tour takes.
    private static final int PASSES = 100;

    private static Result learn(Function<FiveWords, Result> net) {
        return Cpu.with(2, backend -> net.apply(new FiveWords(backend, 1, PASSES, 1000)));
    }

    @Test
    void whoSeesOneWordAloneMakesTheMistakesThatCannotBeAvoided() {
        Result result = learn(FiveWords::oneWord);
        // (ln 3 + ln 2) / 2; text in which each name comes as often as it should needs exactly that
        assertEquals(0.8959, FiveWords.WITHOUT_MEMORY, 1e-4);
        assertEquals(FiveWords.WITHOUT_MEMORY, result.loss(), 0.003);
        // shares with deviations below 0.016
        assertEquals(1000, result.said().size());
        assertEquals(500, result.faults().get(Fault.TOO_SHORT), 65, result::toString);
        assertEquals(250, result.faults().get(Fault.TOO_LONG), 55, result::toString);
        assertEquals(83, result.faults().get(Fault.SAME_NAME), 35, result::toString);
        assertEquals(5.0 / 6, result.wrong(), 0.05, result::toString);
        assertEquals(1.0 / 3, result.selfMeetings(), 0.06, result::toString);
        assertTrue(result.said().stream().anyMatch(s -> s.toString().equals("Harry met Harry .")));
    }

    @Test
    void anLstmSpeaksTheLanguage() {
        speaksTheLanguage(learn(FiveWords::lstm));
    }

    @Test
    void anRnnWithItsMemorySpeaksTheLanguage() {
        speaksTheLanguage(learn(FiveWords::rnn));
    }

    private static void speaksTheLanguage(Result result) {
        assertEquals(0.4479, FiveWords.WITH_MEMORY, 1e-4);
        assertTrue(result.loss() > FiveWords.WITH_MEMORY - 1e-3, result::toString);
        assertTrue(result.loss() < FiveWords.WITH_MEMORY + 0.01, result::toString);
        assertTrue(result.wrong() < 0.01, result::toString);
        assertTrue(result.selfMeetings() < 0.01, result::toString);
    }

    @Test
    void figuresDoNotDependOnTheNumberOfThreads() {
        Result one = Cpu.with(1, backend -> new FiveWords(backend, 3, 2, 50).lstm());
        Result two = Cpu.with(2, backend -> new FiveWords(backend, 3, 2, 50).lstm());
        assertEquals(one, two);
    }
}
