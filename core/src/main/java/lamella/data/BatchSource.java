package lamella.data;

/// Where the batches of a pass come from, asked for in ascending order of their numbers.
interface BatchSource extends AutoCloseable {
    Batch take(int number);

    @Override
    void close();
}
