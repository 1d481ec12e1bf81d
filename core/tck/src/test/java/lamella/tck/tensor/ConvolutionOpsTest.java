package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.rejects;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;
import static lamella.tck.tensor.Ops.zeros;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.tck.GradCheck;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class ConvolutionOpsTest {
    private static final Conv2dOptions USUAL = Conv2dOptions.defaults();

    static Stream<Conv2dOptions> options() {
        return Stream.of(
                USUAL,
                USUAL.stride(2),
                USUAL.padding(2),
                USUAL.dilation(2),
                USUAL.groups(2),
                USUAL.stride(3).padding(1).groups(2),
                new Conv2dOptions(1, 2, 1, 0, 1, 2, 1));
    }

    @Test
    void slidesTheKernelOverTheImage() {
        Tensor kernel = tensor(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000);

        assertElements(counting(1, 1, 3, 3).conv2d(kernel, USUAL), Shape.of(1, 1, 2, 2), 5421, 6532, 8754, 9865);
    }

    @Test
    void addsOverChannelsAndThenTheBias() {
        Tensor x = counting(1, 2, 1, 1);
        Tensor weight = tensor(Shape.of(2, 2, 1, 1), 1, 2, 3, 4);

        assertElements(x.conv2d(weight, vector(100, 200), USUAL), Shape.of(1, 2, 1, 1), 105, 211);
    }

    @ParameterizedTest
    @MethodSource("options")
    void convolutionHasItsGradient(Conv2dOptions options) {
        Parameter x = parameter("x", 2, 4, 6, 5);
        Parameter weight = parameter("weight", 2, 4 / options.groups(), 3, 2);
        Parameter bias = parameter("bias", 2);

        GradCheck.check(List.of(x, weight, bias), () -> x.value().conv2d(weight.value(), bias.value(), options));
    }

    @ParameterizedTest
    @MethodSource("options")
    void transposedConvolutionHasItsGradient(Conv2dOptions options) {
        int outputPadding = Math.min(options.strideHeight(), options.strideWidth()) - 1;
        Parameter x = parameter("x", 2, 4, 3, 4);
        Parameter weight = parameter("weight", 4, 3, 3, 2);
        Parameter bias = parameter("bias", 3 * options.groups());

        GradCheck.check(
                List.of(x, weight, bias),
                () -> x.value().convTranspose2d(weight.value(), bias.value(), options, outputPadding));
    }

    @Test
    void transposedConvolutionSpreadsEachCell() {
        Tensor kernel = tensor(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000);

        assertElements(
                tensor(Shape.of(1, 1, 1, 2), 2, 3).convTranspose2d(kernel, USUAL, 0),
                Shape.of(1, 1, 2, 3),
                2,
                23,
                30,
                200,
                2300,
                3000);
    }

    @Test
    void transposedConvolutionIsTheAdjoint() {
        Conv2dOptions options = USUAL.stride(2).padding(1);
        Tensor x = parameter("x", 1, 2, 7, 5).value();
        Tensor weight = parameter("w", 3, 2, 3, 3).value();
        Tensor y = parameter("y", 1, 3, 4, 3).value();

        float left = x.conv2d(weight, options).multiply(y).sum().item();
        float right = x.multiply(y.convTranspose2d(weight, options, 0)).sum().item();

        assertElements(vector(left), Shape.of(1), right);
    }

    @Test
    void rejectsOtherRanks() {
        misfit(
                """
                conv2d: input and weight must have rank 4, got 3 and 4
                  input    [1, 5, 5]
                  weight   [2, 1, 3, 3]       (out, in/groups, kH, kW)\
                """,
                () -> counting(1, 5, 5).conv2d(zeros(2, 1, 3, 3), USUAL));
        misfit(
                """
                convTranspose2d: input and weight must have rank 4, got 4 and 2
                  input    [1, 1, 5, 5]       (N, C, H, W)
                  weight   [3, 3]\
                """,
                () -> counting(1, 1, 5, 5).convTranspose2d(zeros(3, 3), USUAL, 0));
    }

    @Test
    void rejectsInputWithWrongChannelCount() {
        misfit(
                """
                conv2d: input has 3 channels but the weight expects 4 (= 2 x 2 groups)
                  input    [2, 3, 7, 5]       (N, C, H, W)
                  weight   [6, 2, 3, 3]       (out, in/groups, kH, kW)  lenet.conv1.weight\
                """,
                () -> zeros(2, 3, 7, 5).conv2d(parameter("lenet.conv1.weight", 6, 2, 3, 3).value(), USUAL.groups(2)));
        misfit(
                """
                conv2d: input has 3 channels but the weight expects 1
                  input    [2, 3, 7, 5]       (N, C, H, W)
                  weight   [6, 1, 3, 3]       (out, in/groups, kH, kW)\
                """,
                () -> zeros(2, 3, 7, 5).conv2d(zeros(6, 1, 3, 3), USUAL));
        misfit(
                """
                convTranspose2d: input has 3 channels but the weight expects 4
                  input    [1, 3, 2, 2]       (N, C, H, W)
                  weight   [4, 1, 2, 2]       (in, out/groups, kH, kW)\
                """,
                () -> zeros(1, 3, 2, 2).convTranspose2d(zeros(4, 1, 2, 2), USUAL, 0));
    }

    @Test
    void rejectsChannelsThatCannotBeCut() {
        misfit(
                """
                conv2d: 5 output channels cannot be cut into 2 groups
                  input    [1, 4, 5, 5]       (N, C, H, W)
                  weight   [5, 2, 3, 3]       (out, in/groups, kH, kW)\
                """,
                () -> zeros(1, 4, 5, 5).conv2d(zeros(5, 2, 3, 3), USUAL.groups(2)));
        misfit(
                """
                convTranspose2d: 3 input channels cannot be cut into 2 groups
                  input    [1, 3, 2, 2]       (N, C, H, W)
                  weight   [3, 1, 2, 2]       (in, out/groups, kH, kW)\
                """,
                () -> zeros(1, 3, 2, 2).convTranspose2d(zeros(3, 1, 2, 2), USUAL.groups(2), 0));
    }

    @Test
    void rejectsABiasThatDoesNotFit() {
        misfit(
                """
                conv2d: bias must be [6]
                  bias     [5]                (out)\
                """,
                () -> zeros(1, 1, 5, 5).conv2d(zeros(6, 1, 3, 3), zeros(5), USUAL));
        misfit(
                """
                convTranspose2d: bias must be [4]
                  bias     [2]                (out)\
                """,
                () -> zeros(1, 2, 5, 5).convTranspose2d(zeros(2, 2, 3, 3), zeros(2), USUAL.groups(2), 0));
    }

    @Test
    void rejectsKernelsThatDoNotFit() {
        misfit(
                """
                conv2d: kernel 3 x 4 does not fit into input 5 x 3
                  input    [1, 1, 5, 3]       (N, C, H, W)
                  weight   [1, 1, 3, 4]       (out, in/groups, kH, kW)\
                """,
                () -> zeros(1, 1, 5, 3).conv2d(zeros(1, 1, 3, 4), USUAL));
        misfit(
                """
                conv2d: kernel 3 x 3 with dilation 2 x 3 does not fit into input 5 x 3 with padding 0 x 1
                  input    [1, 1, 5, 3]       (N, C, H, W)
                  weight   [1, 1, 3, 3]       (out, in/groups, kH, kW)\
                """,
                () -> zeros(1, 1, 5, 3).conv2d(zeros(1, 1, 3, 3), new Conv2dOptions(1, 1, 0, 1, 2, 3, 1)));
        misfit(
                """
                convTranspose2d: output would be 0 x 2
                  input    [1, 1, 1, 3]       (N, C, H, W)
                  weight   [1, 1, 2, 2]       (in, out/groups, kH, kW)\
                """,
                () -> zeros(1, 1, 1, 3).convTranspose2d(zeros(1, 1, 2, 2), USUAL.padding(1), 0));
    }

    @Test
    void rejectsOutputPaddingThatTheStrideDoesNotLeaveOpen() {
        String message = "convTranspose2d: output padding must be at least 0 and below the stride 2, got ";
        Tensor x = zeros(1, 1, 2, 2);
        Tensor weight = zeros(1, 1, 2, 2);

        rejects(message + 2, () -> x.convTranspose2d(weight, USUAL.stride(2), 2));
        rejects(message + -1, () -> x.convTranspose2d(weight, USUAL.stride(2), -1));
    }

    @Test
    void countsBeyondAnInt() {
        misfit(
                """
                conv2d: extent 1 with padding 2147483647 becomes 4294967295, above 2147483647\
                """,
                () -> zeros(1, 1, 1, 1).conv2d(zeros(1, 1, 1, 1), USUAL.padding(Integer.MAX_VALUE)));
        misfit(
                """
                conv2d: kernel 3 x 3 with dilation 1073741824 x 1073741824 does not fit into input 4 x 4
                  input    [1, 1, 4, 4]       (N, C, H, W)
                  weight   [1, 1, 3, 3]       (out, in/groups, kH, kW)\
                """,
                () -> zeros(1, 1, 4, 4).conv2d(zeros(1, 1, 3, 3), USUAL.dilation(1 << 30)));
        misfit(
                """
                conv2d: input has 0 channels but the weight expects 4294967296 (= 4 x 1073741824 groups)
                  input    [1, 0, 1, 1]       (N, C, H, W)
                  weight   [0, 4, 1, 1]       (out, in/groups, kH, kW)\
                """,
                () -> zeros(1, 0, 1, 1).conv2d(zeros(0, 4, 1, 1), USUAL.groups(1 << 30)));
        misfit(
                """
                convTranspose2d: extent 4294967297 of the output before padding is above 2147483647
                  input    [1, 1, 5, 1]       (N, C, H, W)
                  weight   [1, 1, 1, 1]       (in, out/groups, kH, kW)\
                """,
                () -> zeros(1, 1, 5, 1).convTranspose2d(zeros(1, 1, 1, 1), USUAL.stride(1 << 30), 0));
        misfit(
                """
                convTranspose2d: output would be -2147483648 x -2147483648
                  input    [1, 1, 1, 1]       (N, C, H, W)
                  weight   [1, 1, 1, 1]       (in, out/groups, kH, kW)\
                """,
                () -> zeros(1, 1, 1, 1).convTranspose2d(zeros(1, 1, 1, 1), USUAL.padding(Integer.MAX_VALUE), 0));
    }
}
