package lamella.data;

/// Makes each batch when it is asked for.
final class DirectBatches implements BatchSource {
    private final BatchMaker maker;
    private final Buffers buffers = Buffers.create();
    private boolean closed;

    DirectBatches(BatchMaker maker) {
        this.maker = maker;
    }

    @Override
    public Batch take(int number) {
        if (closed) {
            throw new IllegalStateException("batches: already closed");
        }
        return maker.make(number, buffers);
    }

    @Override
    public void close() {
        closed = true;
    }
}
