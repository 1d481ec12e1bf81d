package lamella.backend.cpu.convolution;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cpu.matrix.Gemm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The layers that [ConvolutionRule] names go the way it says.
class ConvolutionRuleTest {
    private final ConvolutionRule rule = new ConvolutionRule(Gemm.kernels(false));

    private static ConvolutionSizes sizes(
            int batch, int channels, int outs, int extent, int kernel, Conv2dOptions options) {
        return ConvolutionSizes.of(
                Shape.of(batch, channels, extent, extent),
                Shape.of(outs, channels / options.groups(), kernel, kernel),
                options);
    }

    @ParameterizedTest
    @CsvSource({"4, 64, 128, 56", "1, 64, 64, 56", "1, 128, 128, 28", "1, 256, 256, 14"})
    void takesWinogradsMethodForTheLayersOfVggAndResnet(int batch, int channels, int outs, int extent) {
        var s = sizes(batch, channels, outs, extent, 3, Conv2dOptions.defaults().padding(1));
        assertTrue(rule.winogradForward(s));
        assertTrue(rule.winogradInputGradient(s));
        assertTrue(rule.winogradWeightGradient(s));
    }

    @ParameterizedTest
    @CsvSource({"1, 512, 512, 7", "64, 16, 16, 8", "128, 1, 32, 28", "1, 3, 64, 224"})
    void sumsDirectlyWithFewTilesOrFewChannels(int batch, int channels, int outs, int extent) {
        var s = sizes(batch, channels, outs, extent, 3, Conv2dOptions.defaults().padding(1));
        assertFalse(rule.winogradForward(s));
        assertFalse(rule.winogradWeightGradient(s));
    }

    @Test
    void sumsDirectlyWithAnyOtherWalk() {
        for (var options :
                new Conv2dOptions[] {
                    new Conv2dOptions(2, 1, 1, 1, 1, 1, 1),
                    new Conv2dOptions(1, 2, 1, 1, 1, 1, 1),
                    new Conv2dOptions(1, 1, 1, 1, 2, 1, 1),
                    new Conv2dOptions(1, 1, 1, 1, 1, 2, 1),
                    new Conv2dOptions(1, 1, 1, 1, 1, 1, 2)
                }) {
            var s = sizes(4, 64, 128, 56, 3, options);
            assertFalse(rule.winogradForward(s), options::toString);
            assertFalse(rule.winogradInputGradient(s), options::toString);
            assertFalse(rule.winogradWeightGradient(s), options::toString);
        }
    }

    @Test
    void takesDepthwiseLoopsForFewFiltersOfAChannel() {
        var options = Conv2dOptions.defaults().padding(1);
        assertTrue(rule.depthwise(sizes(1, 8, 24, 9, 3, options.groups(8))));
        assertFalse(rule.depthwise(sizes(1, 8, 32, 9, 3, options.groups(8))));
        assertFalse(rule.depthwise(sizes(1, 8, 8, 9, 3, options.groups(4))));
        assertFalse(rule.depthwise(sizes(1, 1, 1, 9, 3, options)));
    }

    @Test
    void takesTheImagesThemselvesForAKernelOfOneElement() {
        var options = Conv2dOptions.defaults();
        assertTrue(rule.pointwise(sizes(2, 8, 24, 9, 1, options)));
        assertFalse(rule.pointwise(sizes(2, 8, 24, 9, 1, options.stride(2))));
        assertFalse(rule.pointwise(sizes(2, 8, 24, 9, 1, options.padding(1))));
        assertFalse(rule.pointwise(sizes(2, 8, 24, 9, 3, options)));
    }

    @Test
    void takesOneProductForFewPositionsAndManyTaps() {
        var options = Conv2dOptions.defaults().padding(1);
        assertTrue(rule.oneProduct(sizes(1, 512, 512, 7, 3, options)));
        assertFalse(rule.oneProduct(sizes(2, 512, 512, 7, 3, options)));
        assertFalse(rule.oneProduct(sizes(1, 16, 512, 7, 3, options)));
    }
}
