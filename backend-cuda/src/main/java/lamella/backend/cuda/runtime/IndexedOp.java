package lamella.backend.cuda.runtime;

/// The kernels that read indices.
public enum IndexedOp {
    /// Rows of a table.
    GATHER("gather: index %d at position %d is outside [0, %d)"),
    /// Rows of a table, added to.
    SCATTER_ADD("scatterAdd: index %d at position %d is outside [0, %d)"),
    /// Labels.
    CROSS_ENTROPY("crossEntropy: label %d at index %d is outside [0, %d)");

    private final String message;

    IndexedOp(String message) {
        this.message = message;
    }

    String message(int index, int position, long bound) {
        return message.formatted(index, position, bound);
    }
}
