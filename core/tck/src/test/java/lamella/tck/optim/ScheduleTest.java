package lamella.tck.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.optim.Schedule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScheduleTest {
    private static float[] at(Schedule schedule, float base, long... steps) {
        float[] rates = new float[steps.length];
        for (int i = 0; i < steps.length; i++) {
            rates[i] = schedule.at(base, steps[i]);
        }
        return rates;
    }

    @Test
    void constantStays() {
        assertArrayEquals(new float[] {0.5f, 0.5f}, at(Schedule.constant(), 0.5f, 0, 1_000_000_000_000L));
    }

    @Test
    void stepDecayMultipliesEverySoManySteps() {
        assertArrayEquals(new float[] {8, 8, 4, 4, 2, 1}, at(Schedule.stepDecay(10, 0.5), 8, 0, 9, 10, 19, 20, 30));
    }

    @Test
    void cosineFallsToItsMinimum() {
        float half = (float) (1 + 4 * (1 + Math.cos(Math.PI / 4)) / 2);
        assertArrayEquals(new float[] {5, half, 3, 1, 1}, at(Schedule.cosine(100, 1), 5, 0, 25, 50, 100, 1000), 1e-6f);
    }

    @Test
    void warmUpRisesThenTheNextScheduleBegins() {
        Schedule schedule = Schedule.warmUp(4, Schedule.stepDecay(2, 0.1));
        assertArrayEquals(new float[] {0.25f, 0.5f, 0.75f, 1, 1, 1, 0.1f}, at(schedule, 1, 0, 1, 2, 3, 4, 5, 6), 1e-7f);
    }

    @Test
    void thenCountsTheNextStepsFromZero() {
        Schedule schedule = Schedule.constant().then(3, Schedule.cosine(2, 0)).then(4, (base, step) -> step);
        assertArrayEquals(new float[] {1, 1, 1, 1, 0, 1, 2}, at(schedule, 1, 0, 1, 2, 3, 4, 5, 6));
    }

    @Test
    void printsTheCodeThatMakesIt() {
        assertEquals("constant()", Schedule.constant().toString());
        assertEquals("stepDecay(10, 0.5)", Schedule.stepDecay(10, 0.5).toString());
        assertEquals("warmUp(5, cosine(100, 0.1))", Schedule.warmUp(5, Schedule.cosine(100, 0.1)).toString());
        assertEquals("constant().then(5, constant())", Schedule.constant().then(5, Schedule.constant()).toString());
    }

    @Test
    void rejectsNonsense() {
        assertRejected("stepDecay: every must be at least 1, got 0", () -> Schedule.stepDecay(0, 1));
        assertRejected(
                "stepDecay: factor must be finite and greater than 0, got -1.0", () -> Schedule.stepDecay(1, -1));
        assertRejected("cosine: total must be at least 1, got 0", () -> Schedule.cosine(0, 0));
        assertRejected("cosine: minimum must be finite and at least 0, got -1.0", () -> Schedule.cosine(1, -1));
        assertRejected("warmUp: steps must be at least 1, got 0", () -> Schedule.warmUp(0, Schedule.constant()));
        assertRejected(
                "then: steps must be at least 0, got -1", () -> Schedule.constant().then(-1, Schedule.constant()));
    }

    private static void assertRejected(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
