package lamella.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Pool2dOptionsTest {
    private static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    @Test
    void byDefaultWindowsStandSideBySide() {
        assertEquals(new Pool2dOptions(3, 3, 3, 3, 0, 0, false, true), Pool2dOptions.of(3));
    }

    @Test
    void changesBothDirections() {
        assertEquals(
                new Pool2dOptions(3, 3, 2, 2, 1, 1, true, false),
                Pool2dOptions.of(3).stride(2).padding(1).partial(true).countPadding(false));
    }

    /// Whole windows as for convolutions; the last column as PyTorch's `ceil_mode` counts.
    @ParameterizedTest
    @CsvSource({
        // width, kernel, stride, padding, whole, partial
        "28, 2, 2, 0, 14, 14",
        "7, 2, 2, 0, 3, 4",
        "7, 3, 2, 0, 3, 3",
        "8, 3, 2, 0, 3, 4",
        "7, 3, 3, 1, 3, 3",
        "2, 3, 2, 0, 0, 1",
        "1, 3, 2, 0, 0, 0",
        "5, 2, 4, 1, 2, 2", // a third window would start at 7, behind the padding
        "3, 2, 2, 1, 2, 2", // 5 cells with padding, the rest of 1 would start in the padding behind
        "4, 2, 3, 0, 1, 2",
        "3, 1, 5, 0, 1, 1", // a window that starts outside does not count
        "0, 2, 2, 1, 1, 1",
    })
    void outputExtentFollowsTheFormula(int width, int kernel, int stride, int padding, int whole, int partial) {
        var options = Pool2dOptions.of(kernel).stride(stride).padding(padding);

        assertEquals(whole, options.outputWidth(width));
        assertEquals(whole, options.outputHeight(width));
        assertEquals(partial, options.partial(true).outputWidth(width));
        assertEquals(partial, options.partial(true).outputHeight(width));
    }

    @Test
    void anAverageDividesByTheCellsThatCount() {
        var padded = Pool2dOptions.of(2).padding(1);

        // the window at (0, 0) has one cell inside and three padded ones
        assertEquals(4, padded.divisor(0, 0, 3, 3));
        assertEquals(1, padded.countPadding(false).divisor(0, 0, 3, 3));
        assertEquals(2, padded.countPadding(false).divisor(0, 1, 3, 3));
        assertEquals(4, padded.countPadding(false).divisor(1, 1, 3, 3));
    }

    @Test
    void cellsBeyondThePaddingNeverCount() {
        var partial = Pool2dOptions.of(2).partial(true);

        // of 3 x 3 cells the last windows see a row, a column, one cell
        assertEquals(4, partial.divisor(0, 0, 3, 3));
        assertEquals(2, partial.divisor(0, 1, 3, 3));
        assertEquals(2, partial.divisor(1, 0, 3, 3));
        assertEquals(1, partial.divisor(1, 1, 3, 3));
    }

    @Test
    void rejectsNonsense() {
        rejects("pool2d: kernel must be at least 1, got 0", () -> Pool2dOptions.of(0));
        rejects("pool2d: stride must be at least 1, got 0", () -> Pool2dOptions.of(2).stride(0));
        rejects("pool2d: padding must be at least 0, got -1", () -> Pool2dOptions.of(2).padding(-1));
        rejects("pool2d: padding must be at most half the kernel 3, got 2", () -> Pool2dOptions.of(3).padding(2));
        rejects(
                "pool2d: padding must be at most half the kernel 1, got 1",
                () -> new Pool2dOptions(3, 1, 1, 1, 1, 1, false, true));
    }

    @Test
    void countsBeyondAnInt() {
        rejects(
                "pool2d: padding must be at most half the kernel 2, got 2147483647",
                () -> Pool2dOptions.of(2).padding(Integer.MAX_VALUE));
        rejects(
                "pool2d: extent 28 with padding 1073741823 becomes 2147483674, above 2147483647",
                () -> Pool2dOptions.of(Integer.MAX_VALUE).padding(1073741823).outputHeight(28));
        var large = Pool2dOptions.of(Integer.MAX_VALUE).partial(true);
        assertEquals(1, large.outputWidth(28));
        assertEquals(28, large.divisor(0, 0, 28, 1));
        assertEquals(2, Pool2dOptions.of(1).stride(2_000_000_000).partial(true).outputWidth(2_000_000_001));
    }
}
