package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Rows taken from a table by index, and added to one: an embedding and its gradient.
public class IndexBenchmark extends KernelBenchmark {
    /// `vocabulary x width x indices`: texts of 80 and of 200 words, captions, a single row, primes, a column of
    /// single numbers, one row that all indices hit.
    @Param({
        "20000x128x2560",
        "20000x128x12800",
        "8000x256x640",
        "20000x128x1",
        "1009x13x997",
        "100003x1x10007",
        "1x64x4096"
    })
    public String size;

    private Backend backend;
    private Tensor table;
    private Tensor indices;
    private Tensor rows;
    private Tensor sums;

    /// Makes the operands and checks the results.
    @Setup
    public void prepare() {
        backend = open();
        int[] extents = extents(size);
        int width = extents[1];
        table = noise(Shape.of(extents[0], width));
        indices = indices(Shape.of(extents[2]), extents[0]);
        rows = zeros(Shape.of(extents[2], width));
        sums = zeros(table.shape());
        float[] values = table.toFloats();
        int[] chosen = indices.toInts();
        gather();
        check(rows, i -> values[chosen[i / width] * width + i % width]);
        double[] expected = new double[values.length];
        for (int i = 0; i < chosen.length; i++) {
            for (int j = 0; j < width; j++) {
                expected[chosen[i] * width + j] += values[chosen[i] * width + j];
            }
        }
        scatterAdd();
        check(sums, i -> expected[i]);
    }

    /// Rows of the table.
    @Benchmark
    public void gather() {
        backend.index().gather(table.view(), indices.view(), rows.view());
        backend.synchronize();
    }

    /// Zeros, and rows added to them.
    @Benchmark
    public void scatterAdd() {
        backend.index().scatterAdd(rows.view(), indices.view(), sums.view());
        backend.synchronize();
    }
}
