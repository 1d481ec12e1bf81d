package lamella.app.imdb.tour;

import lamella.tensor.RandomSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Invented weather at one place, day by day. Years have 365 days.
///
/// With s = cos(2π(d − 200) / 365) for day d of the year, 1 in July and −1 in January, and independent standard normal
/// ε:
///
/// - pressure, hPa: 1014 + p; highs and lows go by with a period of about 6 days:
///   `p' = 0.8 p − 0.64 p₋₁ + 5 ε`, where p₋₁ is the day before p
/// - temperature, °C: 10 + 9 s + u; falling pressure brings warm air:
///   `u' = 0.7 u − 0.15 (p − p₋₁) + 2 ε`
/// - relative humidity, %: 100 / (1 + e⁻ᶻ); lows and cold days are damp: `z = 1.1 − 0.5 s − 0.08 p' − 0.05 u' + 0.35 ε`
/// - wind, m/s: eᵛ, with the change of pressure whichever its sign: `v = 1.2 − 0.2 s + 0.06 |p − p₋₁| + 0.25 ε`
///
/// So the weather of a day depends on two days before it, and on the season. With each day comes the best forecast that
/// could be made the day before: the mean of what can follow, for one who knows these formulas and the past. What
/// remains is the noise, which no forecast can beat.
final class Climate {
    static final int YEAR = 365;

    /// What a day's weather consists of, in this order.
    static final List<Variable> VARIABLES =
            List.of(
                    new Variable("temperature", "°C"),
                    new Variable("pressure", "hPa"),
                    new Variable("humidity", "%"),
                    new Variable("wind", "m/s"));

    private static final double PRESSURE_NOISE = 5;
    private static final double AIR_NOISE = 2;
    private static final double HUMIDITY_NOISE = 0.35;
    private static final double WIND_NOISE = 0.25;
    private static final int SETTLING = 100;

    private final RandomSource random;
    private double pressure;
    private double pressureBefore;
    private double air;

    private Climate(RandomSource random) {
        this.random = random;
    }

    record Variable(String name, String unit) {}

    /// A day.
    ///
    /// @param dayOfYear from 0
    /// @param weather the value of each variable
    /// @param bestForecast of each variable, made the day before
    record Day(int dayOfYear, double[] weather, double[] bestForecast) {}

    /// Returns the days of some years.
    static List<Day> years(int count, RandomSource random) {
        var climate = new Climate(random);
        for (int i = 0; i < SETTLING; i++) {
            climate.next(0);
        }
        var days = new ArrayList<Day>();
        for (int i = 0; i < count * YEAR; i++) {
            days.add(climate.next(i % YEAR));
        }
        return days;
    }

    private Day next(int dayOfYear) {
        double season = Math.cos(2 * Math.PI * (dayOfYear - 200) / YEAR);
        double change = pressure - pressureBefore;
        double pressureMean = 0.8 * pressure - 0.64 * pressureBefore;
        double airMean = 0.7 * air - 0.15 * change;
        pressureBefore = pressure;
        pressure = pressureMean + PRESSURE_NOISE * random.nextGaussian();
        air = airMean + AIR_NOISE * random.nextGaussian();

        double damp = 1.1 - 0.5 * season;
        double z = damp - 0.08 * pressure - 0.05 * air + HUMIDITY_NOISE * random.nextGaussian();
        double zMean = damp - 0.08 * pressureMean - 0.05 * airMean;
        double zNoise = Math.hypot(Math.hypot(0.08 * PRESSURE_NOISE, 0.05 * AIR_NOISE), HUMIDITY_NOISE);
        double vMean = 1.2 - 0.2 * season + 0.06 * Math.abs(change);
        double v = vMean + WIND_NOISE * random.nextGaussian();

        double warmth = 10 + 9 * season;
        return new Day(
                dayOfYear,
                new double[] {warmth + air, 1014 + pressure, percent(z), Math.exp(v)},
                new double[] {
                    warmth + airMean,
                    1014 + pressureMean,
                    mean(Climate::percent, zMean, zNoise),
                    mean(Math::exp, vMean, WIND_NOISE)
                });
    }

    private static double percent(double z) {
        return 100 / (1 + Math.exp(-z));
    }

    /// Returns the mean of a function of a normally distributed number: the sum over a fine grid of six deviations to
    /// either side.
    private static double mean(DoubleUnaryOperator function, double mean, double deviation) {
        double sum = 0;
        double weights = 0;
        for (int i = -60; i <= 60; i++) {
            double x = i / 10.0;
            double weight = Math.exp(-x * x / 2);
            sum += weight * function.applyAsDouble(mean + deviation * x);
            weights += weight;
        }
        return sum / weights;
    }
}
