package lamella.backend.cpu.recurrent;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops on the Vector API: whole vectors here, the tail in plain loops that do the same
/// arithmetic.
final class CellLoopsVector implements CellLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = S.length();

    private final CellLoopsPlain plain;

    CellLoopsVector(CellLoopsPlain plain) {
        this.plain = plain;
    }

    @Override
    public void sum(float[] x, int xi, float[] y, int yi, float[] z, int zi, int n) {
        int bound = S.loopBound(n);
        sumVectors(x, xi, y, yi, z, zi, bound);
        plain.sum(x, xi + bound, y, yi + bound, z, zi + bound, n - bound);
    }

    private static void sumVectors(float[] x, int xi, float[] y, int yi, float[] z, int zi, int n) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector a = FloatVector.fromArray(S, x, xi + k);
            FloatVector b = FloatVector.fromArray(S, y, yi + k);
            a.add(b).add(FloatVector.fromArray(S, z, zi + k)).intoArray(x, xi + k);
        }
    }

    @Override
    public void lstmCell(float[] gates, int gi, float[] cell, int ci, int n) {
        int bound = S.loopBound(n);
        lstmCellVectors(gates, gi, n, cell, ci, bound);
        plain.lstmCell(gates, gi + bound, n, cell, ci + bound, n - bound);
    }

    private static void lstmCellVectors(float[] gates, int gi, int size, float[] cell, int ci, int n) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector i = FloatVector.fromArray(S, gates, gi + k);
            FloatVector f = FloatVector.fromArray(S, gates, gi + size + k);
            FloatVector g = FloatVector.fromArray(S, gates, gi + 2 * size + k);
            f.fma(FloatVector.fromArray(S, cell, ci + k), i.mul(g)).intoArray(cell, ci + k);
        }
    }

    @Override
    public void lstmGradient(
            float[] gates,
            int gi,
            float[] squashed,
            int si,
            float[] before,
            int bi,
            float[] hidden,
            int hi,
            float[] cell,
            int ci,
            float[] out,
            int oi,
            int n) {
        int bound = S.loopBound(n);
        lstmGradientVectors(gates, gi, n, squashed, si, before, bi, hidden, hi, cell, ci, out, oi, bound);
        plain.lstmGradient(
                gates,
                gi + bound,
                n,
                squashed,
                si + bound,
                before,
                bi + bound,
                hidden,
                hi + bound,
                cell,
                ci + bound,
                out,
                oi + bound,
                n - bound);
    }

    private static void lstmGradientVectors(
            float[] gates,
            int gi,
            int size,
            float[] squashed,
            int si,
            float[] before,
            int bi,
            float[] hidden,
            int hi,
            float[] cell,
            int ci,
            float[] out,
            int oi,
            int n) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int k = 0; k < n; k += LANES) {
            FloatVector o = FloatVector.fromArray(S, gates, gi + 3 * size + k);
            FloatVector t = FloatVector.fromArray(S, squashed, si + k);
            FloatVector h = FloatVector.fromArray(S, hidden, hi + k);
            FloatVector c = h.mul(o).fma(t.neg().fma(t, one), FloatVector.fromArray(S, cell, ci + k));
            h.mul(t).mul(o.mul(one.sub(o))).intoArray(out, oi + 3 * size + k);
            FloatVector i = FloatVector.fromArray(S, gates, gi + k);
            FloatVector g = FloatVector.fromArray(S, gates, gi + 2 * size + k);
            c.mul(g).mul(i.mul(one.sub(i))).intoArray(out, oi + k);
            c.mul(i).mul(g.neg().fma(g, one)).intoArray(out, oi + 2 * size + k);
            FloatVector f = FloatVector.fromArray(S, gates, gi + size + k);
            FloatVector b = FloatVector.fromArray(S, before, bi + k);
            c.mul(b).mul(f.mul(one.sub(f))).intoArray(out, oi + size + k);
            c.mul(f).intoArray(cell, ci + k);
        }
    }

    @Override
    public void gruCandidate(float[] x, int xi, float[] bias, int bi, float[] reset, int ri, float[] q, int qi, int n) {
        int bound = S.loopBound(n);
        gruCandidateVectors(x, xi, bias, bi, reset, ri, q, qi, bound);
        plain.gruCandidate(x, xi + bound, bias, bi + bound, reset, ri + bound, q, qi + bound, n - bound);
    }

    private static void gruCandidateVectors(
            float[] x, int xi, float[] bias, int bi, float[] reset, int ri, float[] q, int qi, int n) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector a = FloatVector.fromArray(S, x, xi + k).add(FloatVector.fromArray(S, bias, bi + k));
            FloatVector r = FloatVector.fromArray(S, reset, ri + k);
            r.fma(FloatVector.fromArray(S, q, qi + k), a).intoArray(x, xi + k);
        }
    }

    @Override
    public void gruBlend(float[] gates, int gi, float[] hidden, int hi, int n) {
        int bound = S.loopBound(n);
        gruBlendVectors(gates, gi, n, hidden, hi, bound);
        plain.gruBlend(gates, gi + bound, n, hidden, hi + bound, n - bound);
    }

    private static void gruBlendVectors(float[] gates, int gi, int size, float[] hidden, int hi, int n) {
        for (int k = 0; k < n; k += LANES) {
            FloatVector z = FloatVector.fromArray(S, gates, gi + k);
            FloatVector c = FloatVector.fromArray(S, gates, gi + size + k);
            z.fma(FloatVector.fromArray(S, hidden, hi + k).sub(c), c).intoArray(hidden, hi + k);
        }
    }

    @Override
    public void gruGradient(
            float[] gates, int gi, float[] q, int qi, float[] before, int bi, float[] hidden, int hi, int n) {
        int bound = S.loopBound(n);
        gruGradientVectors(gates, gi, n, q, qi, before, bi, hidden, hi, bound);
        plain.gruGradient(gates, gi + bound, n, q, qi + bound, before, bi + bound, hidden, hi + bound, n - bound);
    }

    private static void gruGradientVectors(
            float[] gates, int gi, int size, float[] q, int qi, float[] before, int bi, float[] hidden, int hi, int n) {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int k = 0; k < n; k += LANES) {
            FloatVector r = FloatVector.fromArray(S, gates, gi + k);
            FloatVector z = FloatVector.fromArray(S, gates, gi + size + k);
            FloatVector c = FloatVector.fromArray(S, gates, gi + 2 * size + k);
            FloatVector h = FloatVector.fromArray(S, hidden, hi + k);
            FloatVector candidate = h.mul(one.sub(z)).mul(c.neg().fma(c, one));
            FloatVector products = FloatVector.fromArray(S, q, qi + k);
            candidate.mul(products).mul(r.mul(one.sub(r))).intoArray(gates, gi + k);
            FloatVector difference = FloatVector.fromArray(S, before, bi + k).sub(c);
            h.mul(difference).mul(z.mul(one.sub(z))).intoArray(gates, gi + size + k);
            candidate.intoArray(gates, gi + 2 * size + k);
            candidate.mul(r).intoArray(q, qi + k);
            h.mul(z).intoArray(hidden, hi + k);
        }
    }
}
