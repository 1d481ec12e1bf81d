package lamella.backend;

/// Softmax over the rows of `[rows, classes]`, computed without overflow.
public interface SoftmaxKernels {
    /// out = eˣ / Σ eˣ along each row.
    void softmax(View x, View out);

    /// out = y · (outputGradient − Σ outputGradient · y) along each row, where y = softmax(x).
    void softmaxGradient(View y, View outputGradient, View out);

    /// out = x − ln Σ eˣ along each row.
    void logSoftmax(View x, View out);

    /// out = outputGradient − eʸ · Σ outputGradient along each row, where y = logSoftmax(x).
    void logSoftmaxGradient(View y, View outputGradient, View out);

    /// out `[rows]` = the cross-entropy, in nats, between the softmax of each row and its label.
    ///
    /// With smoothing s the target is 1 − s at the label plus s / classes everywhere. A row with
    /// the label −1 is ignored: 0.
    ///
    /// @param labels int32 `[rows]`, each −1 or a class
    /// @throws IndexOutOfBoundsException if a label is neither:
    ///     `crossEntropy: label 10 at index 3 is outside [0, 10)`; here, or where the program next
    ///     waits for the backend
    void crossEntropy(View logits, View labels, float smoothing, View out);

    /// out = (softmax − target) · outputGradient\[row\]; 0 in ignored rows.
    void crossEntropyGradient(View logits, View labels, float smoothing, View outputGradient, View out);
}
