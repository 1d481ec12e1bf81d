package lamella.tck;

import lamella.backend.RecurrentKernels;
import lamella.backend.View;

import java.util.Arrays;
import java.util.Optional;

/// Recurrent cells, one sequence after another and one step after another; [ReferenceCell] has the
/// formulas. The reserve is what each step keeps, `[N · T, kept · H]`, undefined in the padding.
final class ReferenceRecurrent implements RecurrentKernels {
    private static final double[] NOTHING = {};

    @Override
    public int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden) {
        return batch * steps * ReferenceCell.kept(cell) * hidden;
    }

    @Override
    public void forward(Run run, Pass values, Optional<View> reserve) {
        var cell = new ReferenceCell(run.cell(), values.states().dim(2));
        Weights weights = values.weights();
        double[] bias = row(weights.bias(), 1, 0);
        double[] candidateBias = weights.candidateBias().map(d -> row(d, 1, 0)).orElse(NOTHING);
        int batch = values.x().dim(0);
        int steps = values.x().dim(1);
        int rows = batch * steps;
        clear(values.states());
        for (int n = 0; n < batch; n++) {
            double[] h = row(values.initial().hidden(), batch, n);
            double[] c = row(values.initial().cell(), batch, n);
            for (int step : order(run, n)) {
                int place = n * steps + step;
                double[] a = product(weights.input(), row(values.x(), rows, place));
                add(bias, a);
                double[] kept = cell.step(a, product(weights.hidden(), h), candidateBias, c);
                h = cell.hidden(kept, h);
                c = cell.cell(kept);
                put(h, values.states(), rows, place);
                reserve.ifPresent(left -> put(kept, left, rows, place));
            }
            put(h, values.last().hidden(), batch, n);
            put(c, values.last().cell(), batch, n);
        }
    }

    @Override
    public void gradient(Run run, Pass values, View reserve, Pass gradients) {
        var cell = new ReferenceCell(run.cell(), values.states().dim(2));
        Weights weights = values.weights();
        Weights toWeights = gradients.weights();
        int batch = values.x().dim(0);
        int steps = values.x().dim(1);
        int rows = batch * steps;
        clear(gradients.x());
        clear(toWeights.input());
        clear(toWeights.hidden());
        clear(toWeights.bias());
        toWeights.candidateBias().ifPresent(ReferenceRecurrent::clear);
        for (int n = 0; n < batch; n++) {
            double[] dh = row(gradients.last().hidden(), batch, n);
            double[] dc = row(gradients.last().cell(), batch, n);
            int[] order = order(run, n);
            for (int i = order.length - 1; i >= 0; i--) {
                int place = n * steps + order[i];
                double[] h;
                double[] c;
                if (i == 0) {
                    h = row(values.initial().hidden(), batch, n);
                    c = row(values.initial().cell(), batch, n);
                } else {
                    int before = n * steps + order[i - 1];
                    h = row(values.states(), rows, before);
                    c = cell.cell(row(reserve, rows, before));
                }
                add(row(gradients.states(), rows, place), dh);
                ReferenceCell.Back back = cell.back(row(reserve, rows, place), h, c, dh, dc);
                put(productBack(weights.input(), back.input()), gradients.x(), rows, place);
                addOuter(back.input(), row(values.x(), rows, place), toWeights.input());
                addOuter(back.product(), h, toWeights.hidden());
                addOuter(back.input(), new double[] {1}, toWeights.bias());
                toWeights.candidateBias().ifPresent(to -> addOuter(candidate(back), new double[] {1}, to));
                dh = productBack(weights.hidden(), back.product());
                add(back.hidden(), dh);
                dc = back.cell();
            }
            put(dh, gradients.initial().hidden(), batch, n);
            put(dc, gradients.initial().cell(), batch, n);
        }
    }

    /// Returns the steps of a sequence, in the order in which they run.
    private static int[] order(Run run, int n) {
        int length = run.lengths()[n];
        int[] order = new int[length];
        for (int i = 0; i < length; i++) {
            order[i] = run.reverse() ? length - 1 - i : i;
        }
        return order;
    }

    private static double[] candidate(ReferenceCell.Back back) {
        int size = back.hidden().length;
        return Arrays.copyOfRange(back.product(), 2 * size, 3 * size);
    }

    private static void clear(View view) {
        double[] cells = ReferenceStorage.doubles(view);
        Arrays.fill(cells, view.offset(), view.offset() + view.size(), 0);
    }

    /// Returns one of equal rows of an array.
    private static double[] row(View view, int rows, int index) {
        int width = view.size() / rows;
        int start = view.offset() + index * width;
        return Arrays.copyOfRange(ReferenceStorage.doubles(view), start, start + width);
    }

    private static double[] row(Optional<View> view, int rows, int index) {
        return view.map(v -> row(v, rows, index)).orElse(NOTHING);
    }

    private static void put(double[] row, View view, int rows, int index) {
        int width = view.size() / rows;
        System.arraycopy(row, 0, ReferenceStorage.doubles(view), view.offset() + index * width, width);
    }

    private static void put(double[] row, Optional<View> view, int rows, int index) {
        view.ifPresent(v -> put(row, v, rows, index));
    }

    private static void add(double[] terms, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += terms[i];
        }
    }

    /// Returns `weight · x`.
    private static double[] product(View weight, double[] x) {
        double[] cells = ReferenceStorage.doubles(weight);
        double[] y = new double[weight.dim(0)];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += cells[weight.offset() + i * x.length + j] * x[j];
            }
        }
        return y;
    }

    /// Returns `weightᵀ · y`.
    private static double[] productBack(View weight, double[] y) {
        double[] cells = ReferenceStorage.doubles(weight);
        double[] x = new double[weight.dim(1)];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                x[j] += cells[weight.offset() + i * x.length + j] * y[i];
            }
        }
        return x;
    }

    /// Adds `y · xᵀ`.
    private static void addOuter(double[] y, double[] x, View out) {
        double[] cells = ReferenceStorage.doubles(out);
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                cells[out.offset() + i * x.length + j] += y[i] * x[j];
            }
        }
    }
}
