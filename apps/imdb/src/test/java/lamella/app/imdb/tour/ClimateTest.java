package lamella.app.imdb.tour;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.imdb.tour.Climate.Day;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.ToDoubleFunction;

class ClimateTest {
    private static final List<Day> DAYS = Climate.years(40, RandomSource.of(1));

    private static double mean(ToDoubleFunction<Day> value) {
        return DAYS.stream().mapToDouble(value).average().orElseThrow();
    }

    private static double error(Day day, int variable) {
        return day.weather()[variable] - day.bestForecast()[variable];
    }

    @Test
    void theBestForecastIsTheMeanOfWhatHappens() {
        for (int v = 0; v < Climate.VARIABLES.size(); v++) {
            int variable = v;
            double square = mean(day -> Math.pow(error(day, variable), 2));
            double deviation = Math.sqrt(square / DAYS.size());
            assertEquals(0, mean(day -> error(day, variable)), 4 * deviation, Climate.VARIABLES.get(v).name());
        }
    }

    @Test
    void theErrorOfTheBestForecastDoesNotDependOnTheForecast() {
        for (int v = 0; v < Climate.VARIABLES.size(); v++) {
            int variable = v;
            double forecast = mean(day -> day.bestForecast()[variable]);
            double together = mean(day -> error(day, variable) * (day.bestForecast()[variable] - forecast));
            double spread = mean(day -> Math.pow(day.bestForecast()[variable] - forecast, 2));
            double square = mean(day -> Math.pow(error(day, variable), 2));
            double correlation = together / Math.sqrt(spread * square);
            assertEquals(0, correlation, 4 / Math.sqrt(DAYS.size()), Climate.VARIABLES.get(v).name());
        }
    }

    @Test
    void whatRemainsIsTheNoiseOfTheFormulas() {
        assertEquals(2, Math.sqrt(mean(day -> Math.pow(error(day, 0), 2))), 0.06);
        assertEquals(5, Math.sqrt(mean(day -> Math.pow(error(day, 1), 2))), 0.15);
    }

    @Test
    void summersAreWarmAndDryAndWintersAreNot() {
        double july =
                DAYS.stream().filter(d -> d.dayOfYear() == 200).mapToDouble(d -> d.weather()[0]).average().orElse(0);
        double january =
                DAYS.stream().filter(d -> d.dayOfYear() == 17).mapToDouble(d -> d.weather()[0]).average().orElse(0);
        assertEquals(19, july, 2);
        assertEquals(1, january, 2);
    }

    @Test
    void valuesArePossible() {
        for (Day day : DAYS) {
            assertTrue(day.weather()[2] > 0 && day.weather()[2] < 100, () -> "humidity " + day.weather()[2]);
            assertTrue(day.weather()[3] > 0, () -> "wind " + day.weather()[3]);
        }
        assertEquals(40 * 365, DAYS.size());
        assertEquals(364, DAYS.get(729).dayOfYear());
    }

    @Test
    void sameSeedSameWeather() {
        List<Day> again = Climate.years(1, RandomSource.of(1));
        assertArrayEquals(DAYS.get(300).weather(), again.get(300).weather(), 0);
    }
}
