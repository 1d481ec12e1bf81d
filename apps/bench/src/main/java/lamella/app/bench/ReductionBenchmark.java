package lamella.app.bench;

import static lamella.backend.ReductionKernels.Reduction.MAXIMUM;
import static lamella.backend.ReductionKernels.Reduction.SUM;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.stream.IntStream;

/// Combinations of many elements into one, along each axis of a matrix.
public class ReductionBenchmark extends KernelBenchmark {
    private static final int[] ROWS = {0};
    private static final int[] COLUMNS = {1};
    private static final int[] BOTH = {0, 1};

    /// `rows x columns`: a single element, primes, class scores, a dense layer's gradient, the scores of the
    /// caption decoder, the first activations of LeNet-5, long and thin both ways.
    @Param({"1x1", "127x131", "64x10", "128x1600", "640x8000", "384x784", "100003x3", "3x100003"})
    public String size;

    private Backend backend;
    private Tensor x;
    private Tensor ofRows;
    private Tensor ofColumns;
    private Tensor ofAll;
    private Tensor places;

    /// Makes the operand and checks the results.
    @Setup
    public void prepare() {
        backend = open();
        int[] extents = extents(size);
        int rows = extents[0];
        int columns = extents[1];
        x = noise(Shape.of(rows, columns));
        ofRows = zeros(Shape.of(rows));
        ofColumns = zeros(Shape.of(columns));
        ofAll = zeros(Shape.of());
        places = indices(Shape.of(rows), 1);
        float[] values = x.toFloats();
        sumOfRows();
        check(ofRows, row -> IntStream.range(0, columns).mapToDouble(j -> values[row * columns + j]).sum());
        sumOfColumns();
        check(ofColumns, column -> IntStream.range(0, rows).mapToDouble(i -> values[i * columns + column]).sum());
        sum();
        check(IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum(), ofAll.item(), "sum");
        maximumOfRows();
        float[] largest = ofRows.toFloats();
        placeOfMaximum();
        int[] found = places.toInts();
        check(ofRows, row -> values[row * columns + found[row]]);
        check(
                ofRows,
                row -> IntStream.range(0, columns).mapToDouble(j -> values[row * columns + j]).max().orElseThrow());
        check(largest[0], values[found[0]], "the first row's largest");
    }

    private void reduce(lamella.backend.ReductionKernels.Reduction op, int[] axes, Tensor out) {
        backend.reduction().reduce(op, x.view(), axes, out.view());
        backend.synchronize();
    }

    /// The sum of each row.
    @Benchmark
    public void sumOfRows() {
        reduce(SUM, COLUMNS, ofRows);
    }

    /// The sum of each column: the gradient of a bias.
    @Benchmark
    public void sumOfColumns() {
        reduce(SUM, ROWS, ofColumns);
    }

    /// The sum of all.
    @Benchmark
    public void sum() {
        reduce(SUM, BOTH, ofAll);
    }

    /// The largest element of each row.
    @Benchmark
    public void maximumOfRows() {
        reduce(MAXIMUM, COLUMNS, ofRows);
    }

    /// Where it is.
    @Benchmark
    public void placeOfMaximum() {
        backend.reduction().argMaximum(x.view(), 1, places.view());
        backend.synchronize();
    }
}
