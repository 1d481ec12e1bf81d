package lamella.backend.cpu.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmKernels;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// That the costs rank the ways as their times do, for layers that were timed with vectors of 256 bits.
class ConvolutionCostTest {
    private final GemmKernels kernels = Gemm.kernels(true);

    @BeforeEach
    void hasVectorsOf256Bits() {
        assumeTrue(kernels.lanes() == 8, "timed with vectors of 256 bits, here are " + 32 * kernels.lanes());
    }

    private static ConvolutionSizes sizes(int channels, int extent, int outChannels, int kernel, int padding) {
        return ConvolutionSizes.of(
                Shape.of(1, channels, extent, extent),
                Shape.of(outChannels, channels, kernel, kernel),
                Conv2dOptions.defaults().padding(padding));
    }

    private String forward(ConvolutionSizes s) {
        double rows = ConvolutionCost.forwardByRows(s, kernels);
        double channels = ConvolutionCost.forwardByChannels(s);
        double shifts = ConvolutionCost.forwardByShifts(s, kernels);
        return rows <= channels && rows <= shifts ? "rows" : channels <= shifts ? "channels" : "shifts";
    }

    private String inputGradient(ConvolutionSizes s) {
        double rows = ConvolutionCost.inputGradientByRows(s, kernels);
        return rows < ConvolutionCost.inputGradientByShifts(s, kernels) ? "rows" : "shifts";
    }

    @Test
    void longRowsOfFewChannelsAreComputedByRows() {
        assertEquals("rows", forward(sizes(1, 28, 6, 5, 2)));
        assertEquals("rows", forward(sizes(1, 28, 32, 3, 0)));
        assertEquals("rows", forward(sizes(3, 32, 32, 3, 1)));
    }

    @Test
    void shortRowsAreComputedByChannels() {
        assertEquals("channels", forward(sizes(6, 14, 16, 5, 0)));
        assertEquals("channels", forward(sizes(32, 13, 64, 3, 0)));
    }

    @Test
    void inputGradientsOfFewOutputChannelsAreComputedByRows() {
        assertEquals("rows", inputGradient(sizes(6, 14, 16, 5, 0)));
        assertEquals("rows", inputGradient(sizes(32, 32, 32, 3, 1)));
    }

    @Test
    void inputGradientsOfOneChannelOrManyAreComputedByShifts() {
        assertEquals("shifts", inputGradient(sizes(1, 28, 32, 3, 0)));
        assertEquals("shifts", inputGradient(sizes(32, 13, 64, 3, 0)));
    }
}
