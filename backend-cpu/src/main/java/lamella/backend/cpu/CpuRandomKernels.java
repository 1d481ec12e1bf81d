package lamella.backend.cpu;

import lamella.backend.RandomKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.ScalarMath;

/// Random numbers, some hundred blocks of words at a time.
final class CpuRandomKernels implements RandomKernels {
    /// Blocks of a task: 4 elements each.
    private static final int BLOCKS = 1024;

    private final Workers workers;
    private final ArrayPool pool;

    CpuRandomKernels(Workers workers, ArrayPool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /// Turns words into elements: `words[i]` belongs to `out[oi + i]`, for i below `n`. There are
    /// words up to a multiple of 4.
    @FunctionalInterface
    private interface Draw {
        void run(int[] words, float[] out, int oi, int n);
    }

    private void draw(long key, long start, View out, Draw body) {
        float[] to = CpuStorage.floats(out);
        int size = out.size();
        int tasks = Math.ceilDiv(size, 4 * BLOCKS);
        workers.run(
                tasks,
                task -> {
                    int first = task * 4 * BLOCKS;
                    int n = Math.min(4 * BLOCKS, size - first);
                    int[] words = pool.takeInts(4 * BLOCKS);
                    Philox.blocks(start + (long) task * BLOCKS, key, Math.ceilDiv(n, 4), words);
                    body.run(words, to, out.offset() + first, n);
                    pool.give(words);
                });
    }

    @Override
    public void uniform(long key, long start, float low, float high, View out) {
        float range = high - low;
        // low + range · u may round up to high, which does not belong to the interval.
        float most = low < high ? Math.nextDown(high) : high;
        draw(
                key,
                start,
                out,
                (words, to, oi, n) -> {
                    for (int i = 0; i < n; i++) {
                        to[oi + i] = Math.min(most, low + range * Philox.uniform(words[i]));
                    }
                });
    }

    @Override
    public void normal(long key, long start, float mean, float deviation, View out) {
        draw(
                key,
                start,
                out,
                (words, to, oi, n) -> {
                    for (int i = 0; i < n; i += 2) {
                        float u = Philox.uniform(words[i]);
                        float v = Philox.uniform(words[i + 1]);
                        float radius = (float) Math.sqrt(-2f * ScalarMath.log(1f - u));
                        to[oi + i] = mean + deviation * (radius * cosineOfTurn(v));
                        if (i + 1 < n) {
                            to[oi + i + 1] = mean + deviation * (radius * sineOfTurn(v));
                        }
                    }
                });
    }

    /// Returns cos(2πv) for v in [0, 1): the polynomials cover an eighth of a turn to each side of
    /// a quarter, and the quarters are exchanges of sine and cosine.
    private static float cosineOfTurn(float v) {
        int quarter = Math.round(4f * v);
        float rest = v - 0.25f * quarter;
        return switch (quarter & 3) {
            case 0 -> ScalarMath.cosineOfTurn(rest);
            case 1 -> -ScalarMath.sineOfTurn(rest);
            case 2 -> -ScalarMath.cosineOfTurn(rest);
            default -> ScalarMath.sineOfTurn(rest);
        };
    }

    /// Returns sin(2πv) for v in [0, 1).
    private static float sineOfTurn(float v) {
        int quarter = Math.round(4f * v);
        float rest = v - 0.25f * quarter;
        return switch (quarter & 3) {
            case 0 -> ScalarMath.sineOfTurn(rest);
            case 1 -> ScalarMath.cosineOfTurn(rest);
            case 2 -> -ScalarMath.sineOfTurn(rest);
            default -> -ScalarMath.cosineOfTurn(rest);
        };
    }

    @Override
    public void bernoulli(long key, long start, float probability, View out) {
        // u < probability is k < ceil(probability · 2²⁴) for u = k · 2⁻²⁴: the sign of a
        // difference,
        // where a branch would be guessed wrong every other time.
        int bound = (int) Math.ceil(Math.clamp(probability, 0f, 1f) * 0x1p24);
        draw(
                key,
                start,
                out,
                (words, to, oi, n) -> {
                    for (int i = 0; i < n; i++) {
                        to[oi + i] = ((words[i] >>> 8) - bound) >>> 31;
                    }
                });
    }
}
