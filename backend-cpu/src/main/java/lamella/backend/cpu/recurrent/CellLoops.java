package lamella.backend.cpu.recurrent;

/// The inner loops of cells that are no functions of the tensor library, over `n` elements of ranges
/// of arrays. The arithmetic of an element does not depend on its place.
///
/// No loop takes an exponential: activations are loops of their own
/// ([lamella.backend.cpu.vector.Primitives]), since a loop with several of them exceeds what the
/// compiler inlines, and each vector becomes an object.
interface CellLoops {
    /// Returns those on the Vector API, or those in plain loops.
    static CellLoops of(boolean vectors) {
        var plain = new CellLoopsPlain();
        return vectors ? new CellLoopsVector(plain) : plain;
    }

    /// x = x + y + z.
    void sum(float[] x, int xi, float[] y, int yi, float[] z, int zi, int n);

    /// The cell of an LSTM: c = f ∘ c + i ∘ g.
    ///
    /// @param gates i, f and g, each of n elements, one behind the other
    void lstmCell(float[] gates, int gi, float[] cell, int ci, int n);

    /// The gradients of an LSTM's step.
    ///
    /// With the gradient h of the hidden state and t = tanh(c'): dc = dc + h ∘ o ∘ (1 − t²); the gates'
    /// di = dc ∘ g ∘ i(1 − i), df = dc ∘ c ∘ f(1 − f), dg = dc ∘ i ∘ (1 − g²), do = h ∘ t ∘ o(1 − o);
    /// then dc = dc ∘ f.
    ///
    /// @param gates i, f, g and o, each of n elements, one behind the other
    /// @param squashed t
    /// @param before c
    /// @param hidden h
    /// @param cell dc, read and written
    /// @param out gets the gradients of the gates, in the order of `gates`
    void lstmGradient(
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
            int n);

    /// What a GRU's candidate squashes: x = x + b + r ∘ q.
    void gruCandidate(float[] x, int xi, float[] bias, int bi, float[] reset, int ri, float[] q, int qi, int n);

    /// The hidden state of a GRU: h = n + z ∘ (h − n), the same as (1 − z) ∘ n + z ∘ h.
    ///
    /// @param gates z and n, each of n elements, one behind the other
    void gruBlend(float[] gates, int gi, float[] hidden, int hi, int n);

    /// The gradients of a GRU's step.
    ///
    /// With the gradient h' of the hidden state: dz = h' ∘ (h − n) ∘ z(1 − z), dn = h' ∘ (1 − z) ∘
    /// (1 − n²), dq = dn ∘ r, dr = dn ∘ q ∘ r(1 − r); then h' = h' ∘ z, the part that goes past the
    /// gates.
    ///
    /// @param gates r, z and n, each of n elements, one behind the other; overwritten by dr, dz and dn
    /// @param q the candidate's hidden product; overwritten by dq
    /// @param before h
    /// @param hidden h', read and written
    void gruGradient(float[] gates, int gi, float[] q, int qi, float[] before, int bi, float[] hidden, int hi, int n);
}
