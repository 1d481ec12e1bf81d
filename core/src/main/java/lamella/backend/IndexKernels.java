package lamella.backend;

/// Access by index. Indices are int32 and were not checked against the table by the caller.
public interface IndexKernels {
    /// out`[i, :]` = table`[indices[i], :]`, for table `[V, D]`, out `[n, D]`. Row −1 gives zeros.
    ///
    /// @throws IndexOutOfBoundsException naming position, index and V, if an index is below −1 or
    ///     not below V; here, or where the program next waits for the backend
    void gather(View table, View indices, View out);

    /// out `[V, D]` = zeros plus, for each i, x`[i, :]` added to row
    /// `indices[i]`; index −1 is skipped. The order of additions to one row is fixed.
    ///
    /// @throws IndexOutOfBoundsException as [#gather]
    void scatterAdd(View x, View indices, View out);
}
