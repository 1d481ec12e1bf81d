package lamella.layers.rnn;

import java.util.List;

/// Which way a recurrent layer reads.
public enum Direction {
    /// From the first step to the last.
    FORWARD,
    /// From the last step to the first. The output of a step stands where the step does, and the last state is that
    /// of step 0.
    BACKWARD,
    /// Both, by weights of their own.
    BOTH;

    /// Returns the single directions, in the order of their states.
    List<Direction> single() {
        return this == BOTH ? List.of(FORWARD, BACKWARD) : List.of(this);
    }
}
