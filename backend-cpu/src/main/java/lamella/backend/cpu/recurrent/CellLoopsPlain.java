package lamella.backend.cpu.recurrent;

/// The loops without the Vector API: where its module is missing, and for the tails of the vector
/// loops.
final class CellLoopsPlain implements CellLoops {
    @Override
    public void sum(float[] x, int xi, float[] y, int yi, float[] z, int zi, int n) {
        for (int k = 0; k < n; k++) {
            x[xi + k] = x[xi + k] + y[yi + k] + z[zi + k];
        }
    }

    @Override
    public void lstmCell(float[] gates, int gi, float[] cell, int ci, int n) {
        lstmCell(gates, gi, n, cell, ci, n);
    }

    /// Handles the first `n` elements of gates that are `size` elements apart.
    void lstmCell(float[] gates, int gi, int size, float[] cell, int ci, int n) {
        for (int k = gi; k < gi + n; k++) {
            int c = ci + k - gi;
            cell[c] = Math.fma(gates[k + size], cell[c], gates[k] * gates[k + 2 * size]);
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
        lstmGradient(gates, gi, n, squashed, si, before, bi, hidden, hi, cell, ci, out, oi, n);
    }

    /// Handles the first `n` elements of gates that are `size` elements apart.
    void lstmGradient(
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
        for (int k = 0; k < n; k++) {
            float i = gates[gi + k];
            float f = gates[gi + size + k];
            float g = gates[gi + 2 * size + k];
            float o = gates[gi + 3 * size + k];
            float t = squashed[si + k];
            float h = hidden[hi + k];
            float c = Math.fma(h * o, Math.fma(-t, t, 1f), cell[ci + k]);
            out[oi + k] = c * g * (i * (1f - i));
            out[oi + size + k] = c * before[bi + k] * (f * (1f - f));
            out[oi + 2 * size + k] = c * i * Math.fma(-g, g, 1f);
            out[oi + 3 * size + k] = h * t * (o * (1f - o));
            cell[ci + k] = c * f;
        }
    }

    @Override
    public void gruCandidate(float[] x, int xi, float[] bias, int bi, float[] reset, int ri, float[] q, int qi, int n) {
        for (int k = 0; k < n; k++) {
            x[xi + k] = Math.fma(reset[ri + k], q[qi + k], x[xi + k] + bias[bi + k]);
        }
    }

    @Override
    public void gruBlend(float[] gates, int gi, float[] hidden, int hi, int n) {
        gruBlend(gates, gi, n, hidden, hi, n);
    }

    /// Handles the first `n` elements of gates that are `size` elements apart.
    void gruBlend(float[] gates, int gi, int size, float[] hidden, int hi, int n) {
        for (int k = 0; k < n; k++) {
            float candidate = gates[gi + size + k];
            hidden[hi + k] = Math.fma(gates[gi + k], hidden[hi + k] - candidate, candidate);
        }
    }

    @Override
    public void gruGradient(
            float[] gates, int gi, float[] q, int qi, float[] before, int bi, float[] hidden, int hi, int n) {
        gruGradient(gates, gi, n, q, qi, before, bi, hidden, hi, n);
    }

    /// Handles the first `n` elements of gates that are `size` elements apart.
    void gruGradient(
            float[] gates, int gi, int size, float[] q, int qi, float[] before, int bi, float[] hidden, int hi, int n) {
        for (int k = 0; k < n; k++) {
            float r = gates[gi + k];
            float z = gates[gi + size + k];
            float c = gates[gi + 2 * size + k];
            float h = hidden[hi + k];
            float candidate = h * (1f - z) * Math.fma(-c, c, 1f);
            gates[gi + k] = candidate * q[qi + k] * (r * (1f - r));
            gates[gi + size + k] = h * (before[bi + k] - c) * (z * (1f - z));
            gates[gi + 2 * size + k] = candidate;
            q[qi + k] = candidate * r;
            hidden[hi + k] = h * z;
        }
    }
}
