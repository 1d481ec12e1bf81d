package lamella.app.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// Shows why the tile of the matrix product has a branch that is never taken.
///
/// All kernels add up 6 x 2 vectors of 256 bits over a depth of 256; `guarded` has the branch of
/// `GemmTile` in the CPU backend, `plain` has not. In `plain` C2 hoists the broadcasts, runs out of
/// the 16 registers of AVX2 and spills a sum. `packed` is `guarded` with a constant distance between the
/// steps of b, as in `GemmPanelTile`: the tests of its bounds leave the loop. On a machine with AVX-512, which has 32, compare with
/// `-jvmArgsAppend -XX:UseAVX=2`.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:UseAVX=2")
@State(Scope.Thread)
public class GuardBenchmark {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
    private static final int DEPTH = 256;

    // Not final, so that C2 does not take them for constants.
    private int depth = DEPTH;
    private int stride = 16;
    private int start = 0;
    private int guard = -1;

    private final float[] a = new float[DEPTH * 6];
    private final float[] b = new float[DEPTH * 16];
    private final float[] tile = new float[6 * 16];

    /// Fills the operands and checks that the kernels agree.
    @Setup
    public void prepare() {
        for (int i = 0; i < a.length; i++) {
            a[i] = (i % 13 - 6) / 8f;
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = (i % 17 - 8) / 8f;
        }
        float[] first = guarded().clone();
        if (!Arrays.equals(first, plain()) || !Arrays.equals(first, packed())) {
            throw new AssertionError("the kernels differ");
        }
    }

    /// The kernel with the branch.
    @Benchmark
    public float[] guarded() {
        guarded(depth, a, start, b, start, stride, guard, tile);
        return tile;
    }

    /// The kernel with the branch and a constant distance between the steps of b.
    @Benchmark
    public float[] packed() {
        packed(depth, a, start, b, start, guard, tile);
        return tile;
    }

    /// The kernel without the branch.
    @Benchmark
    public float[] plain() {
        plain(depth, a, start, b, start, stride, tile);
        return tile;
    }

    private static void guarded(int depth, float[] a, int ai, float[] b, int bi, int stride, int guard, float[] tile) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        for (int p = 0; p < depth; p++) {
            int q = bi + p * stride;
            int r = ai + p * 6;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + 8);
            FloatVector x0 = FloatVector.broadcast(S, a[r]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[r + 1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r + 2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[r + 3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r + 4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[r + 5]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
        }
        c00.intoArray(tile, 0);
        c01.intoArray(tile, 8);
        c10.intoArray(tile, 16);
        c11.intoArray(tile, 24);
        c20.intoArray(tile, 32);
        c21.intoArray(tile, 40);
        c30.intoArray(tile, 48);
        c31.intoArray(tile, 56);
        c40.intoArray(tile, 64);
        c41.intoArray(tile, 72);
        c50.intoArray(tile, 80);
        c51.intoArray(tile, 88);
    }

    private static void packed(int depth, float[] a, int ai, float[] b, int bi, int guard, float[] tile) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        for (int p = 0; p < depth; p++) {
            int q = bi + p * 16;
            int r = ai + p * 6;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + 8);
            FloatVector x0 = FloatVector.broadcast(S, a[r]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[r + 1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r + 2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[r + 3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r + 4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[r + 5]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
        }
        c00.intoArray(tile, 0);
        c01.intoArray(tile, 8);
        c10.intoArray(tile, 16);
        c11.intoArray(tile, 24);
        c20.intoArray(tile, 32);
        c21.intoArray(tile, 40);
        c30.intoArray(tile, 48);
        c31.intoArray(tile, 56);
        c40.intoArray(tile, 64);
        c41.intoArray(tile, 72);
        c50.intoArray(tile, 80);
        c51.intoArray(tile, 88);
    }

    private static void plain(int depth, float[] a, int ai, float[] b, int bi, int stride, float[] tile) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        for (int p = 0; p < depth; p++) {
            int q = bi + p * stride;
            int r = ai + p * 6;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + 8);
            FloatVector x0 = FloatVector.broadcast(S, a[r]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[r + 1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(S, a[r + 2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[r + 3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            FloatVector x4 = FloatVector.broadcast(S, a[r + 4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[r + 5]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
        }
        c00.intoArray(tile, 0);
        c01.intoArray(tile, 8);
        c10.intoArray(tile, 16);
        c11.intoArray(tile, 24);
        c20.intoArray(tile, 32);
        c21.intoArray(tile, 40);
        c30.intoArray(tile, 48);
        c31.intoArray(tile, 56);
        c40.intoArray(tile, 64);
        c41.intoArray(tile, 72);
        c50.intoArray(tile, 80);
        c51.intoArray(tile, 88);
    }
}
