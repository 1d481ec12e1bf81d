package lamella.app.imdb.tour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WeatherTest {
    @Test
    void theNetBeatsSeasonAndTodayAndComesCloseToTheBestForecast() {
        Weather.Result result = Cpu.with(2, backend -> new Weather(backend, 1, 16, 4, 12).forecast());
        for (int v = 0; v < Climate.VARIABLES.size(); v++) {
            String name = Climate.VARIABLES.get(v).name();
            double net = result.net()[v];
            double best = result.best()[v];
            double season = result.climatology()[v];
            double today = result.persistence()[v];
            assertTrue(net < 0.9 * season, () -> name + " beside the season: " + net + " of " + season);
            assertTrue(net < 0.9 * today, () -> name + " beside today: " + net + " of " + today);
            assertTrue(net > best, () -> name + " is better than can be: " + net + " of " + best);
            assertTrue(net < 1.12 * best, () -> name + " is far from the best: " + net + " of " + best);
        }
    }

    @Test
    void figuresDoNotDependOnTheNumberOfThreads() {
        double[] one = Cpu.with(1, backend -> new Weather(backend, 2, 8, 1, 1).forecast().net());
        double[] two = Cpu.with(2, backend -> new Weather(backend, 2, 8, 1, 1).forecast().net());
        assertArrayEquals(one, two, 0);
    }
}
