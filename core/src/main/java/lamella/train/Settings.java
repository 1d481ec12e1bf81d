package lamella.train;

import lamella.data.Batching;
import lamella.nn.Penalty;
import lamella.optim.Clip;
import lamella.optim.Schedule;

import java.util.Optional;
import java.util.function.Supplier;

/// How a trainer trains.
record Settings(
        Batching batching,
        Schedule schedule,
        Clip clip,
        Optional<Penalty> penalty,
        long seed,
        Optional<Supplier<Metrics>> validation) {

    static Settings defaults() {
        return new Settings(Batching.of(32), Schedule.constant(), Clip.none(), Optional.empty(), 0, Optional.empty());
    }

    Settings batching(Batching batching) {
        return new Settings(batching, schedule, clip, penalty, seed, validation);
    }

    Settings schedule(Schedule schedule) {
        return new Settings(batching, schedule, clip, penalty, seed, validation);
    }

    Settings clip(Clip clip) {
        return new Settings(batching, schedule, clip, penalty, seed, validation);
    }

    Settings penalty(Optional<Penalty> penalty) {
        return new Settings(batching, schedule, clip, penalty, seed, validation);
    }

    Settings seed(long seed) {
        return new Settings(batching, schedule, clip, penalty, seed, validation);
    }

    Settings validation(Optional<Supplier<Metrics>> validation) {
        return new Settings(batching, schedule, clip, penalty, seed, validation);
    }
}
