package lamella.optim;

/// The schedules of [Schedule]'s factories. They print as the code that makes them and compute in
/// double.
final class Schedules {
    private Schedules() {}

    record Constant() implements Schedule {
        @Override
        public float at(float base, long step) {
            return base;
        }

        @Override
        public String toString() {
            return "constant()";
        }
    }

    record StepDecay(long every, float factor) implements Schedule {
        StepDecay {
            Limits.requireAtLeast("stepDecay", "every", 1, every);
            Limits.requirePositive("stepDecay", "factor", factor);
        }

        @Override
        public float at(float base, long step) {
            return (float) (base * Math.pow(factor, Math.floorDiv(step, every)));
        }

        @Override
        public String toString() {
            return "stepDecay(" + every + ", " + factor + ")";
        }
    }

    record Cosine(long total, float minimum) implements Schedule {
        Cosine {
            Limits.requireAtLeast("cosine", "total", 1, total);
            Limits.requireNotNegative("cosine", "minimum", minimum);
        }

        @Override
        public float at(float base, long step) {
            if (step >= total) {
                return minimum;
            }
            double fraction = (1 + Math.cos(Math.PI * step / total)) / 2;
            return (float) (minimum + ((double) base - minimum) * fraction);
        }

        @Override
        public String toString() {
            return "cosine(" + total + ", " + minimum + ")";
        }
    }

    /// Goes on rising after its last step; only used in front of another schedule.
    record WarmUp(long steps) implements Schedule {
        WarmUp {
            Limits.requireAtLeast("warmUp", "steps", 1, steps);
        }

        @Override
        public float at(float base, long step) {
            return (float) ((double) base * (step + 1) / steps);
        }
    }

    record Chain(Schedule first, long steps, Schedule next) implements Schedule {
        Chain {
            Limits.requireAtLeast("then", "steps", 0, steps);
        }

        @Override
        public float at(float base, long step) {
            return step < steps ? first.at(base, step) : next.at(base, step - steps);
        }

        @Override
        public String toString() {
            return first instanceof WarmUp
                    ? "warmUp(" + steps + ", " + next + ")"
                    : first + ".then(" + steps + ", " + next + ")";
        }
    }
}
