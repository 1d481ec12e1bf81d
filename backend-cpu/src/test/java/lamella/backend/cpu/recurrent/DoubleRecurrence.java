package lamella.backend.cpu.recurrent;

import lamella.backend.RecurrentKernels.Cell;

/// The cells of [lamella.backend.RecurrentKernels] in double precision, formula by formula: what
/// [CpuRecurrentTest] compares with. It has no gradients; the test takes differences.
final class DoubleRecurrence {
    final Cell cell;
    final int batch;
    final int steps;
    final int inputs;
    final int size;
    final boolean reverse;
    final int[] lengths;
    final double[] x;
    final double[] hidden;
    final double[] cells;
    final double[] inputWeight;
    final double[] hiddenWeight;
    final double[] bias;
    final double[] candidateBias;
    double[] states;
    double[] lastHidden;
    double[] lastCell;

    DoubleRecurrence(Cell cell, int batch, int steps, int inputs, int size, boolean reverse, int[] lengths) {
        this.cell = cell;
        this.batch = batch;
        this.steps = steps;
        this.inputs = inputs;
        this.size = size;
        this.reverse = reverse;
        this.lengths = lengths;
        int stacked = cell.gates() * size;
        x = new double[batch * steps * inputs];
        hidden = new double[batch * size];
        cells = new double[batch * size];
        inputWeight = new double[stacked * inputs];
        hiddenWeight = new double[stacked * size];
        bias = new double[stacked];
        candidateBias = new double[size];
    }

    void run() {
        states = new double[batch * steps * size];
        lastHidden = hidden.clone();
        lastCell = cells.clone();
        for (int n = 0; n < batch; n++) {
            for (int turn = 0; turn < lengths[n]; turn++) {
                int step = reverse ? lengths[n] - 1 - turn : turn;
                step(n, step);
                System.arraycopy(lastHidden, n * size, states, (n * steps + step) * size, size);
            }
        }
    }

    private double input(int n, int step, int row) {
        double sum = bias[row];
        for (int k = 0; k < inputs; k++) {
            sum += inputWeight[row * inputs + k] * x[(n * steps + step) * inputs + k];
        }
        return sum;
    }

    private double recurrent(int n, int row) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
            sum += hiddenWeight[row * size + k] * lastHidden[n * size + k];
        }
        return sum;
    }

    private static double sigmoid(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    private void step(int n, int step) {
        double[] next = new double[size];
        for (int k = 0; k < size; k++) {
            double[] in = new double[cell.gates()];
            double[] back = new double[cell.gates()];
            for (int gate = 0; gate < cell.gates(); gate++) {
                in[gate] = input(n, step, gate * size + k);
                back[gate] = recurrent(n, gate * size + k);
            }
            next[k] =
                    switch (cell) {
                        case RNN_TANH -> Math.tanh(in[0] + back[0]);
                        case RNN_RELU -> Math.max(in[0] + back[0], 0);
                        case LSTM -> lstm(n, k, in, back);
                        case GRU -> gru(n, k, in, back);
                    };
        }
        System.arraycopy(next, 0, lastHidden, n * size, size);
    }

    private double lstm(int n, int k, double[] in, double[] back) {
        int at = n * size + k;
        double keep = sigmoid(in[1] + back[1]) * lastCell[at];
        lastCell[at] = keep + sigmoid(in[0] + back[0]) * Math.tanh(in[2] + back[2]);
        return sigmoid(in[3] + back[3]) * Math.tanh(lastCell[at]);
    }

    private double gru(int n, int k, double[] in, double[] back) {
        double r = sigmoid(in[0] + back[0]);
        double z = sigmoid(in[1] + back[1]);
        double candidate = Math.tanh(in[2] + r * (back[2] + candidateBias[k]));
        return (1 - z) * candidate + z * lastHidden[n * size + k];
    }
}
