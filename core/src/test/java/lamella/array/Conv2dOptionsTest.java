package lamella.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Conv2dOptionsTest {
    private static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    @Test
    void byDefaultTouchesEveryCellOnce() {
        assertEquals(new Conv2dOptions(1, 1, 0, 0, 1, 1, 1), Conv2dOptions.defaults());
    }

    @Test
    void changesBothDirections() {
        var options = Conv2dOptions.defaults().stride(2).padding(3).dilation(4).groups(5);

        assertEquals(new Conv2dOptions(2, 2, 3, 3, 4, 4, 5), options);
    }

    /// The output extent is 1 + (W − F + 2P) / S, rounded down.
    @ParameterizedTest
    @CsvSource({
        // width, kernel, stride, padding, dilation, output
        "28, 5, 1, 2, 1, 28",
        "28, 5, 1, 0, 1, 24",
        "7, 3, 2, 0, 1, 3",
        "8, 3, 2, 0, 1, 3",
        "5, 5, 1, 0, 1, 1",
        "1, 1, 1, 0, 1, 1",
        "9, 2, 5, 0, 1, 2",
        "7, 3, 1, 0, 3, 1",
        "7, 3, 1, 1, 2, 5",
        "4, 5, 1, 0, 1, 0",
        "3, 5, 3, 0, 1, 0",
        "0, 3, 1, 1, 1, 0",
    })
    void outputExtentFollowsTheFormula(int width, int kernel, int stride, int padding, int dilation, int output) {
        var options = Conv2dOptions.defaults().stride(stride).padding(padding).dilation(dilation);

        assertEquals(output, options.outputWidth(width, kernel));
        assertEquals(output, options.outputHeight(width, kernel));
    }

    @Test
    void eachDirectionHasItsOwnOptions() {
        var options = new Conv2dOptions(2, 1, 0, 1, 1, 3, 1);

        assertEquals(3, options.outputHeight(7, 3));
        assertEquals(3, options.outputWidth(7, 3));
        assertEquals(4, options.outputWidth(8, 3));
    }

    @Test
    void rejectsNonsense() {
        var usual = Conv2dOptions.defaults();

        rejects("conv2d: stride must be at least 1, got 0", () -> usual.stride(0));
        rejects("conv2d: padding must be at least 0, got -1", () -> usual.padding(-1));
        rejects("conv2d: dilation must be at least 1, got 0", () -> usual.dilation(0));
        rejects("conv2d: groups must be at least 1, got 0", () -> usual.groups(0));
        rejects("conv2d: stride must be at least 1, got -2", () -> new Conv2dOptions(1, -2, 0, 0, 1, 1, 1));
        rejects("conv2d: padding must be at least 0, got -3", () -> new Conv2dOptions(1, 1, 0, -3, 1, 1, 1));
    }

    @Test
    void countsBeyondAnInt() {
        var usual = Conv2dOptions.defaults();

        rejects(
                "conv2d: extent 28 with padding 2147483647 becomes 4294967322, above 2147483647",
                () -> usual.padding(Integer.MAX_VALUE).outputHeight(28, 3));
        rejects(
                "conv2d: extent 28 with padding 1073741824 becomes 2147483676, above 2147483647",
                () -> usual.padding(1 << 30).stride(1 << 30).outputWidth(28, 3));
        // spread over 2³¹ + 1 cells, which wraps around to a kernel that seems to fit
        assertEquals(28 - Integer.MAX_VALUE - 1, usual.dilation(1 << 30).outputWidth(28, 3));
        assertEquals(Integer.MIN_VALUE, usual.dilation(1 << 30).outputHeight(28, 9));
    }
}
