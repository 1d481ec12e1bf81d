package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.View;

import org.junit.jupiter.api.DynamicTest;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Laws that kernels obey among themselves, without any reference.
record PropertyTests(Backend backend) {
    Stream<DynamicTest> all() {
        return Stream.concat(
                Stream.concat(
                        ConvolutionCases.geometries().stream().map(this::convolutionAdjoint),
                        PoolingCases.geometries().stream().map(this::averageAdjoint)),
                Stream.of(
                        DynamicTest.dynamicTest("softmax sums to 1", this::softmaxSumsToOne),
                        DynamicTest.dynamicTest("permute, then its inverse, changes nothing", this::permuteAndBack),
                        DynamicTest.dynamicTest("reverse twice changes nothing", this::reverseTwice),
                        DynamicTest.dynamicTest("pad, then slice, changes nothing", this::padSlice),
                        DynamicTest.dynamicTest("convolution with an identity kernel copies", this::identityKernel),
                        DynamicTest.dynamicTest("convolution is linear in its input", this::linearity),
                        DynamicTest.dynamicTest(
                                "equal streams give equal numbers, from any start", this::streamsOverlap)));
    }

    private View upload(Operand operand) {
        View view = View.of(backend.allocate(DType.FLOAT32, operand.shape().size()), operand.shape());
        backend.upload(operand.floats(), 0, view);
        return view;
    }

    private View empty(Shape shape) {
        return View.of(backend.allocate(DType.FLOAT32, shape.size()), shape);
    }

    private float[] download(View view) {
        float[] elements = new float[view.size()];
        backend.download(view, elements, 0);
        return elements;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /// Asserts ⟨forward(x), g⟩ = ⟨x, gradient(g)⟩: both are sums of the same products, of numbers
    /// below 1. Each of the two kernels rounds each element.
    private void assertAdjoint(Operand x, float[] y, Operand g, float[] gradient, int products) {
        double left = dot(y, g.floats());
        double right = dot(x.floats(), gradient);
        double terms = 0;
        for (float value : y) {
            terms += Math.abs(value);
        }
        for (float value : gradient) {
            terms += Math.abs(value);
        }
        double magnitude = terms + Math.sqrt((double) products * y.length);
        assertEquals(left, right, Tolerance.bound(Tolerance.sumUnits(products), magnitude));
    }

    private DynamicTest convolutionAdjoint(ConvolutionCases.Geometry g) {
        return DynamicTest.dynamicTest(
                "adjoint of convolution, " + g,
                () -> {
                    Operand x = Operand.random(1, g.x().dims());
                    Operand weight = Operand.random(2, g.weight().dims());
                    Operand gradient = Operand.random(3, g.y().dims());
                    View y = empty(g.y());
                    View toInput = empty(g.x());
                    View toWeight = empty(g.weight());
                    var kernels = backend.convolution();
                    kernels.forward(upload(x), upload(weight), Optional.empty(), g.options(), y);
                    kernels.inputGradient(upload(gradient), upload(weight), g.options(), toInput);
                    kernels.weightGradient(upload(x), upload(gradient), g.options(), toWeight);
                    int products = g.weight().sizeBetween(1, 4);
                    assertAdjoint(x, download(y), gradient, download(toInput), products);
                    assertAdjoint(
                            weight,
                            download(y),
                            gradient,
                            download(toWeight),
                            Math.max(products, g.y().size() / g.y().dim(1)));
                });
    }

    private DynamicTest averageAdjoint(PoolingCases.Geometry g) {
        return DynamicTest.dynamicTest(
                "adjoint of average pooling, " + g,
                () -> {
                    Operand x = Operand.random(4, g.x().dims());
                    Operand gradient = Operand.random(5, g.y().dims());
                    View y = empty(g.y());
                    View toInput = empty(g.x());
                    backend.pooling().average(upload(x), g.options(), y);
                    backend.pooling().averageGradient(upload(gradient), g.options(), toInput);
                    int cells = g.options().kernelHeight() * g.options().kernelWidth();
                    assertAdjoint(x, download(y), gradient, download(toInput), cells);
                });
    }

    private void softmaxSumsToOne() {
        for (int classes : new int[] {1, 7, 10, 33, 1003}) {
            View y = empty(Shape.of(17, classes));
            backend.softmax().softmax(upload(Operand.uniform(6, -9, 9, 17, classes)), y);
            float[] elements = download(y);
            for (int row = 0; row < 17; row++) {
                double sum = 0;
                for (int c = 0; c < classes; c++) {
                    sum += elements[row * classes + c];
                }
                assertEquals(1, sum, Tolerance.bound(Tolerance.sumUnits(classes), 1));
            }
        }
    }

    private void permuteAndBack() {
        Operand x = Operand.random(7, 3, 5, 7, 9);
        for (int[] order : List.of(new int[] {2, 0, 3, 1}, new int[] {3, 2, 1, 0})) {
            int[] inverse = new int[order.length];
            for (int axis = 0; axis < order.length; axis++) {
                inverse[order[axis]] = axis;
            }
            View there = empty(Shape.of(Arrays.stream(order).map(x.shape()::dim).toArray()));
            View back = empty(x.shape());
            backend.layout().permute(upload(x), order, there);
            backend.layout().permute(there, inverse, back);
            assertTrue(Arrays.equals(x.floats(), download(back)));
        }
    }

    private void reverseTwice() {
        Operand x = Operand.random(8, 5, 17, 3);
        for (int axis = 0; axis < 3; axis++) {
            View there = empty(x.shape());
            View back = empty(x.shape());
            backend.layout().reverse(upload(x), axis, there);
            backend.layout().reverse(there, axis, back);
            assertTrue(Arrays.equals(x.floats(), download(back)));
        }
    }

    private void padSlice() {
        Operand x = Operand.random(9, 3, 7, 9);
        View there = empty(Shape.of(5, 8, 17));
        View back = empty(x.shape());
        int[] start = {1, 0, 5};
        backend.layout().pad(upload(x), start, 3, there);
        backend.layout().slice(there, start, back);
        assertTrue(Arrays.equals(x.floats(), download(back)));
    }

    private void identityKernel() {
        Operand x = Operand.random(10, 2, 3, 9, 7);
        // weight[o, c, u, v] is 1 where o = c, in the middle of the window
        Operand weight = Operand.generated(Shape.of(3, 3, 3, 3), i -> i % 9 == 4 && i / 27 == i / 9 % 3 ? 1 : 0);
        View y = empty(x.shape());
        backend.convolution()
                .forward(upload(x), upload(weight), Optional.empty(), Conv2dOptions.defaults().padding(1), y);
        assertTrue(Arrays.equals(x.floats(), download(y)));
    }

    /// conv(2a + b/2) = 2 conv(a) + conv(b)/2, in numbers for which the sum on the left is exact.
    private void linearity() {
        Operand a = Operand.generated(Shape.of(2, 3, 9, 7), i -> i * 5 % 17 - 8);
        Operand b = Operand.generated(Shape.of(2, 3, 9, 7), i -> i * 7 % 16 - 8);
        Operand sum = Operand.generated(a.shape(), i -> 2 * a.floats()[i] + b.floats()[i] / 2);
        View weight = upload(Operand.random(11, 4, 3, 3, 3));
        float[][] results = new float[3][];
        for (int i = 0; i < 3; i++) {
            View y = empty(Shape.of(2, 4, 9, 7));
            backend.convolution()
                    .forward(
                            upload(List.of(a, b, sum).get(i)),
                            weight,
                            Optional.empty(),
                            Conv2dOptions.defaults().padding(1),
                            y);
            results[i] = download(y);
        }
        for (int i = 0; i < results[0].length; i++) {
            // 27 products of at most 20
            assertEquals(
                    2 * results[0][i] + results[1][i] / 2,
                    results[2][i],
                    Tolerance.bound(Tolerance.sumUnits(27), 27 * 20));
        }
    }

    /// The numbers from start + 5 are those from start, 20 elements later.
    private void streamsOverlap() {
        View first = empty(Shape.of(65));
        View later = empty(Shape.of(45));
        backend.random().uniform(99, 0xFFFF_FFFDL, 0, 1, first);
        backend.random().uniform(99, 0xFFFF_FFFDL + 5, 0, 1, later);
        assertTrue(Arrays.equals(Arrays.copyOfRange(download(first), 20, 65), download(later)));
    }
}
