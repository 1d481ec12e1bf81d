package lamella.backend.cpu.recurrent;

import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;

/// The sizes of a pass.
///
/// @param inputs elements of an input
/// @param hidden H
/// @param gates G · H
record RecurrentSizes(Cell cell, int batch, int steps, int inputs, int hidden, int gates) {
    static RecurrentSizes of(Run run, Pass values) {
        int hidden = values.states().dim(2);
        return of(run.cell(), values.x().dim(0), values.x().dim(1), values.x().dim(2), hidden);
    }

    static RecurrentSizes of(Cell cell, int batch, int steps, int inputs, int hidden) {
        return new RecurrentSizes(cell, batch, steps, inputs, hidden, cell.gates() * hidden);
    }

    /// Returns the elements of the reserve: for each step the gates, then for each what else is kept.
    int reserve() {
        return Math.toIntExact((long) batch * steps * (gates + kept()));
    }

    /// Returns the elements that are kept of a step besides the gates.
    int kept() {
        return switch (cell) {
            case RNN_TANH, RNN_RELU -> 0;
            case LSTM, GRU -> hidden;
        };
    }

    /// Returns the rows of the gates in a reserve.
    FloatRows gateRows(float[] reserve, int offset) {
        return new FloatRows(reserve, offset, gates);
    }

    /// Returns the rows of what is kept besides.
    FloatRows keptRows(float[] reserve, int offset) {
        return new FloatRows(reserve, offset + batch * steps * gates, kept());
    }
}
