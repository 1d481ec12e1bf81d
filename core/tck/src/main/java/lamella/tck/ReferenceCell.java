package lamella.tck;

import lamella.backend.RecurrentKernels.Cell;

/// One step of a recurrent cell for one sequence, apart from its matrix products.
///
/// With the products `a = W x + b` and `u = U h`, both `[G·H]`, a step keeps numbers from which its
/// state and its gradients follow, `[kept·H]`:
/// - RNN: `h'`
/// - LSTM: `i, f, g, o, c'`
/// - GRU: `r, z, n, U h + d`, the last for the candidate alone
///
/// @param cell the kind of cell
/// @param size H
record ReferenceCell(Cell cell, int size) {
    /// What flows out of a step on the way back.
    ///
    /// @param input the gradient of a, `[G·H]`; that of the bias
    /// @param product the gradient of u, `[G·H]`; its last part is that of the GRU's candidate bias
    /// @param hidden the gradient of the hidden state before, but for what flows through u, `[H]`
    /// @param cell the gradient of the cell before, `[H]`; zeros without one
    record Back(double[] input, double[] product, double[] hidden, double[] cell) {}

    /// Returns how many numbers a step keeps, as multiples of H.
    static int kept(Cell cell) {
        return switch (cell) {
            case RNN_TANH, RNN_RELU -> 1;
            case LSTM -> 5;
            case GRU -> 4;
        };
    }

    /// Returns what a step keeps.
    ///
    /// @param a `W x + b`
    /// @param u `U h`
    /// @param d the candidate bias of a GRU
    /// @param c the cell before, of an LSTM
    double[] step(double[] a, double[] u, double[] d, double[] c) {
        double[] kept = new double[kept(cell) * size];
        for (int j = 0; j < size; j++) {
            switch (cell) {
                case RNN_TANH -> kept[j] = Math.tanh(a[j] + u[j]);
                case RNN_RELU -> kept[j] = Math.max(a[j] + u[j], 0);
                case LSTM -> {
                    double i = sigmoid(a[j] + u[j]);
                    double f = sigmoid(a[size + j] + u[size + j]);
                    double g = Math.tanh(a[2 * size + j] + u[2 * size + j]);
                    double o = sigmoid(a[3 * size + j] + u[3 * size + j]);
                    put(kept, j, i, f, g, o, f * c[j] + i * g);
                }
                case GRU -> {
                    double r = sigmoid(a[j] + u[j]);
                    double z = sigmoid(a[size + j] + u[size + j]);
                    double product = u[2 * size + j] + d[j];
                    double n = Math.tanh(a[2 * size + j] + r * product);
                    put(kept, j, r, z, n, product);
                }
            }
        }
        return kept;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// Sets entry j of the first, second, ... part of a stacked array.
    private void put(double[] stacked, int j, double... parts) {
        for (int part = 0; part < parts.length; part++) {
            stacked[part * size + j] = parts[part];
        }
    }

    private double part(double[] stacked, int part, int j) {
        return stacked[part * size + j];
    }

    /// Returns the hidden state after a step.
    ///
    /// @param h the hidden state before
    double[] hidden(double[] kept, double[] h) {
        double[] after = new double[size];
        for (int j = 0; j < size; j++) {
            after[j] =
                    switch (cell) {
                        case RNN_TANH, RNN_RELU -> kept[j];
                        case LSTM -> part(kept, 3, j) * Math.tanh(part(kept, 4, j));
                        case GRU -> (1 - part(kept, 1, j)) * part(kept, 2, j) + part(kept, 1, j) * h[j];
                    };
        }
        return after;
    }

    /// Returns the cell after a step; empty without one.
    double[] cell(double[] kept) {
        double[] after = new double[cell.hasCell() ? size : 0];
        for (int j = 0; j < after.length; j++) {
            after[j] = part(kept, 4, j);
        }
        return after;
    }

    /// Returns the gradients of a step.
    ///
    /// @param h the hidden state before
    /// @param c the cell before, of an LSTM
    /// @param dh the gradient of the hidden state after
    /// @param dc the gradient of the cell after, but for what flows through the hidden state
    Back back(double[] kept, double[] h, double[] c, double[] dh, double[] dc) {
        int gates = cell.gates();
        var back = new Back(new double[gates * size], new double[gates * size], new double[size], new double[size]);
        for (int j = 0; j < size; j++) {
            switch (cell) {
                case RNN_TANH -> putBoth(back, j, dh[j] * (1 - kept[j] * kept[j]));
                case RNN_RELU -> putBoth(back, j, kept[j] > 0 ? dh[j] : 0);
                case LSTM -> {
                    double i = part(kept, 0, j);
                    double f = part(kept, 1, j);
                    double g = part(kept, 2, j);
                    double o = part(kept, 3, j);
                    double t = Math.tanh(part(kept, 4, j));
                    double toCell = dc[j] + dh[j] * o * (1 - t * t);
                    putBoth(
                            back,
                            j,
                            toCell * g * i * (1 - i),
                            toCell * c[j] * f * (1 - f),
                            toCell * i * (1 - g * g),
                            dh[j] * t * o * (1 - o));
                    back.cell[j] = toCell * f;
                }
                case GRU -> {
                    double r = part(kept, 0, j);
                    double z = part(kept, 1, j);
                    double n = part(kept, 2, j);
                    double toCandidate = dh[j] * (1 - z) * (1 - n * n);
                    double toReset = toCandidate * part(kept, 3, j) * r * (1 - r);
                    double toUpdate = dh[j] * (h[j] - n) * z * (1 - z);
                    put(back.input, j, toReset, toUpdate, toCandidate);
                    put(back.product, j, toReset, toUpdate, toCandidate * r);
                    back.hidden[j] = dh[j] * z;
                }
            }
        }
        return back;
    }

    /// Where only the sum of a and u counts, their gradients are equal.
    private void putBoth(Back back, int j, double... parts) {
        put(back.input, j, parts);
        put(back.product, j, parts);
    }
}
