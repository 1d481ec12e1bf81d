package lamella.backend.cpu.recurrent;

/// The arithmetic of a kind of cell, one sequence and one step at a time; the matrix products come
/// before it or after it, for many at once.
interface CellSteps {
    /// What a forward pass works on.
    ///
    /// @param gates by row of [StepRows], `[G · H]`: the input's products, overwritten by the gates
    /// @param kept by row of [StepRows], `[H]`: what else the gradient needs, written
    /// @param products by place in the task, `[G · H]`: the hidden products; may be overwritten
    /// @param hidden by place in the task, `[H]`: the hidden state, before and after
    /// @param cell by place in the task, `[H]`: the cell, before and after; of an LSTM
    /// @param bias row 0: the bias, `[G · H]`
    /// @param candidateBias row 0: the bias of a GRU's candidate, `[H]`; otherwise the bias again
    record Forward(
            FloatRows gates,
            FloatRows kept,
            FloatRows products,
            FloatRows hidden,
            FloatRows cell,
            FloatRows bias,
            FloatRows candidateBias) {}

    /// What a backward pass works on.
    ///
    /// @param gates by row, `[G · H]`: the gates, overwritten by the gradients of their arguments
    /// @param kept by row, `[H]`: what the forward pass kept; of a GRU, overwritten by the gradient of
    ///     the candidate's hidden product
    /// @param before by row, `[H]`: the hidden state before the step
    /// @param arguments by place in the task, `[G · H]`: gets the gradients of the hidden products
    /// @param hidden by place in the task, `[H]`: the gradient of the hidden state after the step,
    ///     overwritten by the part of the one before that does not go through the hidden products
    /// @param cell by place in the task, `[H]`: the gradient of the cell, after and before; of an LSTM
    /// @param workspace row 0: `[H]`
    record Backward(
            FloatRows gates,
            FloatRows kept,
            FloatRows before,
            FloatRows arguments,
            FloatRows hidden,
            FloatRows cell,
            FloatRows workspace) {}

    /// Takes a step.
    void forward(Forward a, int row, int place);

    /// Takes a step back.
    ///
    /// @param after the hidden state after the step: row `afterRow`
    /// @param cellBefore the cell before the step: row `cellRow`; of an LSTM
    void backward(Backward a, int row, int place, FloatRows after, int afterRow, FloatRows cellBefore, int cellRow);
}
