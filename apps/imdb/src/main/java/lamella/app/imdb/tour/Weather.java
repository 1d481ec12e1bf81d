package lamella.app.imdb.tour;

import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.optim.Optimizers.adam;

import lamella.app.imdb.tour.Climate.Day;
import lamella.app.imdb.tour.TruncatedTraining.Stretch;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Loss;
import lamella.nn.Scope;
import lamella.optim.OptimizerSpec;
import lamella.optim.Schedule;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/// A net that reads the weather day by day and says what it will be tomorrow ([Climate] makes the weather).
///
/// It reads the four variables, with mean 0 and deviation 1 over the years from which it learns, and the season, as the
/// cosine and sine of the day's angle in the year. The years it learns from are cut into 8 series that are read side by
/// side, 28 days at a time, with the state carried on. It is tested on later years, read as one series from an empty
/// memory on.
final class Weather {
    private static final int SERIES = 8;
    private static final int STEPS = 28;
    private static final int HIDDEN = 32;
    private static final int VARIABLES = Climate.VARIABLES.size();
    private static final int FEATURES = VARIABLES + 2;
    private static final OptimizerSpec RECIPE = adam(0.01);

    /// Days to either side of a day of the year that count for its mean.
    private static final int WINDOW = 7;

    private final Backend backend;
    private final RandomSource random;
    private final int epochs;
    private final List<Day> past;
    private final List<Day> future;
    private final double[] mean;
    private final double[] deviation;

    /// @param years how many to learn from, a multiple of 8
    /// @param testYears how many come after them
    /// @param epochs passes over the years
    Weather(Backend backend, long seed, int years, int testYears, int epochs) {
        this.backend = backend;
        this.epochs = epochs;
        random = RandomSource.of(seed).split("weather");
        List<Day> days = Climate.years(years + testYears, random.split("days"));
        past = days.subList(0, years * Climate.YEAR);
        future = days.subList(past.size(), days.size());
        mean = new double[VARIABLES];
        deviation = new double[VARIABLES];
        for (int v = 0; v < VARIABLES; v++) {
            int variable = v;
            mean[v] = past.stream().mapToDouble(day -> day.weather()[variable]).average().orElseThrow();
            deviation[v] =
                    Math.sqrt(
                            past.stream()
                                    .mapToDouble(day -> Math.pow(day.weather()[variable] - mean[variable], 2))
                                    .average()
                                    .orElseThrow());
        }
    }

    /// The root of the mean squared error of each forecast, for each variable in its unit.
    ///
    /// @param climatology the mean of the season
    /// @param persistence tomorrow is as today
    /// @param net the net
    /// @param best the best forecast there can be: what is left is noise
    record Result(double[] climatology, double[] persistence, double[] net, double[] best) {}

    Result forecast() {
        Scope scope = Scope.root("", backend, random.split("parameters"));
        Reader net = Reader.create(scope, x -> x, FEATURES, gru(HIDDEN), VARIABLES);
        List<Stretch> stretches = stretches();
        Schedule schedule = Schedule.cosine((long) epochs * stretches.size(), 0);
        var training = new TruncatedTraining(net, Loss.meanSquaredError(), RECIPE, schedule);
        for (int epoch = 0; epoch < epochs; epoch++) {
            training.pass(stretches);
        }
        double[][] season = seasons();
        List<double[]> forecasts = forecasts(net);
        return new Result(
                error(i -> season[future.get(i + 1).dayOfYear()]),
                error(i -> future.get(i).weather()),
                error(forecasts::get),
                error(i -> future.get(i + 1).bestForecast()));
    }

    /// The years to learn from, as pieces of 8 series side by side; what is left of a series at the end is not used.
    private List<Stretch> stretches() {
        int length = past.size() / SERIES;
        var stretches = new ArrayList<Stretch>();
        for (int start = 0; start + STEPS < length; start += STEPS) {
            float[] input = new float[SERIES * STEPS * FEATURES];
            float[] target = new float[SERIES * STEPS * VARIABLES];
            for (int i = 0; i < SERIES * STEPS; i++) {
                int day = i / STEPS * length + start + i % STEPS;
                read(past.get(day), input, i * FEATURES);
                standardize(past.get(day + 1), target, i * VARIABLES);
            }
            stretches.add(
                    new Stretch(
                            Tensor.of(backend, Shape.of(SERIES, STEPS, FEATURES), input),
                            Tensor.of(backend, Shape.of(SERIES, STEPS, VARIABLES), target)));
        }
        return stretches;
    }

    /// Writes what the net reads of a day.
    private void read(Day day, float[] into, int start) {
        standardize(day, into, start);
        double angle = 2 * Math.PI * day.dayOfYear() / Climate.YEAR;
        into[start + VARIABLES] = (float) Math.cos(angle);
        into[start + VARIABLES + 1] = (float) Math.sin(angle);
    }

    private void standardize(Day day, float[] into, int start) {
        for (int v = 0; v < VARIABLES; v++) {
            into[start + v] = (float) ((day.weather()[v] - mean[v]) / deviation[v]);
        }
    }

    /// The net's forecasts, in units: made on each of the later days for the day after it.
    private List<double[]> forecasts(Reader net) {
        int days = future.size() - 1;
        float[] input = new float[days * FEATURES];
        for (int i = 0; i < days; i++) {
            read(future.get(i), input, i * FEATURES);
        }
        Tensor x = Tensor.of(backend, Shape.of(1, days, FEATURES), input);
        float[] answers = net.read(x, net.begin(1)).answers().toFloats();
        var forecasts = new ArrayList<double[]>();
        for (int i = 0; i < days; i++) {
            double[] forecast = new double[VARIABLES];
            for (int v = 0; v < VARIABLES; v++) {
                forecast[v] = mean[v] + deviation[v] * answers[i * VARIABLES + v];
            }
            forecasts.add(forecast);
        }
        return forecasts;
    }

    /// For each day of the year the mean of the years to learn from, over it and the days around it.
    private double[][] seasons() {
        double[][] seasons = new double[Climate.YEAR][VARIABLES];
        int count = (2 * WINDOW + 1) * past.size() / Climate.YEAR;
        for (Day day : past) {
            for (int shift = -WINDOW; shift <= WINDOW; shift++) {
                double[] season = seasons[Math.floorMod(day.dayOfYear() + shift, Climate.YEAR)];
                for (int v = 0; v < VARIABLES; v++) {
                    season[v] += day.weather()[v] / count;
                }
            }
        }
        return seasons;
    }

    private interface Forecast {
        /// Returns the forecast that is made on a later day for the next.
        double[] on(int day);
    }

    private double[] error(Forecast forecast) {
        double[] squares = new double[VARIABLES];
        for (int i = 0; i + 1 < future.size(); i++) {
            double[] said = forecast.on(i);
            double[] happened = future.get(i + 1).weather();
            for (int v = 0; v < VARIABLES; v++) {
                squares[v] += Math.pow(said[v] - happened[v], 2);
            }
        }
        for (int v = 0; v < VARIABLES; v++) {
            squares[v] = Math.sqrt(squares[v] / (future.size() - 1));
        }
        return squares;
    }
}
