package lamella.backend.cpu.convolution;

/// The rows of some images that a run of tiles meets, with their padding: whole rows, and for each image two more than
/// four for each row of tiles.
///
/// @param s the extents of the convolution
/// @param first the number of the first tile
/// @param tiles how many there are, at least 1
/// @param top the row of tiles, counted over all images, of the first tile
/// @param bottom that of the last one
record WinogradStrip(WinogradSizes s, int first, int tiles, int top, int bottom) {
    static WinogradStrip of(WinogradSizes s, int first, int tiles) {
        int columns = s.tileColumns();
        return new WinogradStrip(s, first, tiles, first / columns, (first + tiles - 1) / columns);
    }

    /// Returns the elements of a row.
    int width() {
        return s.tileColumns() * WinogradSizes.TILE + 2;
    }

    /// Returns the number of elements.
    int size() {
        return (row(bottom) + WinogradSizes.PATCH) * width();
    }

    /// Returns the row of the strip in which a row of tiles begins.
    private int row(int tileRow) {
        int images = tileRow / s.tileRows() - top / s.tileRows();
        return WinogradSizes.TILE * (tileRow - top) + 2 * images;
    }

    /// Writes the index in the strip at which each tile's patch begins.
    void places(int[] places) {
        for (int q = 0; q < tiles; q++) {
            int tile = first + q;
            places[q] = row(tile / s.tileColumns()) * width() + tile % s.tileColumns() * WinogradSizes.TILE;
        }
    }

    /// Copies the elements of a channel. The padding is left as it is.
    void fill(ConvolutionArray x, int channel, float[] rows) {
        int rowsOfImage = s.tileRows();
        for (int r = top; r <= bottom; ) {
            int image = r / rowsOfImage;
            int end = Math.min(bottom + 1, (image + 1) * rowsOfImage);
            int plane = x.offset() + (image * s.channels() + channel) * s.plane();
            fill(x.array(), plane, r % rowsOfImage * WinogradSizes.TILE - s.top(), end - r, rows, row(r) * width());
            r = end;
        }
    }

    /// Copies the rows that `count` rows of tiles meet, from row y of the image on.
    private void fill(float[] x, int plane, int y, int count, float[] rows, int to) {
        int begin = Math.max(0, -s.left());
        int end = Math.min(s.width(), width() - s.left());
        int from = Math.max(0, y);
        int bottom = Math.min(s.height(), y + WinogradSizes.TILE * count + 2);
        for (int i = from; i < bottom; i++) {
            copy(x, plane + i * s.width() + begin, rows, to + (i - y) * width() + begin + s.left(), end - begin);
        }
    }

    // Short rows are copied faster by a loop than by the call of arraycopy's stub.
    private static void copy(float[] x, int at, float[] rows, int to, int count) {
        if (count > 32) {
            System.arraycopy(x, at, rows, to, count);
        } else {
            for (int j = 0; j < count; j++) {
                rows[to + j] = x[at + j];
            }
        }
    }
}
