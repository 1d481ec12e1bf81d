package lamella.optim;

/// How the learning rate changes during training.
///
/// A step is numbered by the steps taken before it: the first is 0, and [Optimizer#steps()] is the
/// number of the next.
///
/// {@snippet :
/// Schedule schedule = Schedule.warmUp(500, Schedule.cosine(10_000, 0));
/// optimizer.step(gradients, schedule.at(1e-3f, optimizer.steps()));
/// }
@FunctionalInterface
public interface Schedule {
    /// Returns the learning rate of one step.
    ///
    /// @param base the learning rate that the schedule scales
    /// @param step the number of the step, from 0
    float at(float base, long step);

    /// Returns the schedule `base`.
    static Schedule constant() {
        return new Schedules.Constant();
    }

    /// Returns step decay: `base · factor^⌊step / every⌋`.
    ///
    /// @param every steps between two changes, at least 1
    /// @param factor what each change multiplies by, greater than 0
    static Schedule stepDecay(long every, double factor) {
        return new Schedules.StepDecay(every, (float) factor);
    }

    /// Returns cosine annealing: `minimum + (base − minimum) · (1 + cos(π · step / total)) / 2`,
    /// and `minimum` from step `total` on.
    ///
    /// Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR
    /// 2017, equation 5, without restarts.
    ///
    /// @param total steps until the minimum, at least 1
    /// @param minimum the last learning rate, at least 0
    static Schedule cosine(long total, double minimum) {
        return new Schedules.Cosine(total, (float) minimum);
    }

    /// Returns linear warm-up: `base · (step + 1) / steps` for the first `steps` steps, then
    /// another schedule, whose own steps count from there.
    ///
    /// @param steps length of the warm-up, at least 1
    /// @param next what follows
    static Schedule warmUp(long steps, Schedule next) {
        return new Schedules.WarmUp(steps).then(steps, next);
    }

    /// Returns this schedule for the first `steps` steps, then another, whose own steps count from
    /// there: `step < steps ? this.at(base, step) : next.at(base, step − steps)`.
    ///
    /// @param steps for how long, at least 0
    default Schedule then(long steps, Schedule next) {
        return new Schedules.Chain(this, steps, next);
    }
}
