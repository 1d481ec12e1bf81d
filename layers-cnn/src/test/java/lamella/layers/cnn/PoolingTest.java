package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.adaptiveAveragePool2d;
import static lamella.layers.cnn.CnnLayers.averagePool2d;
import static lamella.layers.cnn.CnnLayers.globalAveragePool2d;
import static lamella.layers.cnn.CnnLayers.maxPool2d;
import static lamella.layers.cnn.Run.counting;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.rejects;
import static lamella.layers.cnn.Run.rejectsFields;
import static lamella.layers.cnn.Run.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.tck.LayerTck;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class PoolingTest {
    @Nested
    class MaxPool2dTest extends LayerTck {
        @Override
        protected Facts facts() {
            return new Facts(
                    maxPool2d(3).stride(2).padding(1).partial(),
                    "maxPool2d(3).stride(2).padding(1).partial()",
                    Shape.of(2, 6, 5),
                    Shape.of(2, 4, 3),
                    List.of());
        }

        @Test
        void takesTheLargestOfEachWindow() {
            Tensor y = model(maxPool2d(2), 1, 4, 4).forward(counting(1, 1, 4, 4));

            assertArrayEquals(new float[] {6, 8, 14, 16}, y.toFloats());
        }

        @Test
        void ignoresPadding() {
            Tensor negative = counting(1, 1, 2, 2).negate();

            Tensor y = model(maxPool2d(2).padding(1), 1, 2, 2).forward(negative);

            assertArrayEquals(new float[] {-1, -2, -3, -4}, y.toFloats());
        }

        @Test
        void aPartialWindowCounts() {
            Tensor y = model(maxPool2d(2).partial(), 1, 3, 3).forward(counting(1, 1, 3, 3));

            assertArrayEquals(new float[] {5, 6, 8, 9}, y.toFloats());
        }

        @Test
        void directionsMayDiffer() {
            MaxPool2d wide = maxPool2d(2, 3).stride(1, 3).padding(1, 0);

            assertEquals("maxPool2d(2, 3).stride(1, 3).padding(1, 0)", wide.toString());
            assertEquals(wide, Run.read(LayerCatalog.installed().write(wide)));
            assertEquals(Shape.of(1, 4, 2), model(wide, 1, 3, 6).output());
        }
    }

    @Nested
    class AveragePool2dTest extends LayerTck {
        @Override
        protected Facts facts() {
            return new Facts(
                    averagePool2d(3).stride(2).padding(1).partial().withoutPaddingInMean(),
                    "averagePool2d(3).stride(2).padding(1).partial().withoutPaddingInMean()",
                    Shape.of(2, 6, 5),
                    Shape.of(2, 4, 3),
                    List.of());
        }

        @Test
        void takesTheMeanOfEachWindow() {
            Tensor y = model(averagePool2d(2), 1, 4, 4).forward(counting(1, 1, 4, 4));

            assertArrayEquals(new float[] {3.5f, 5.5f, 11.5f, 13.5f}, y.toFloats());
        }

        @Test
        void countsPaddingAsZerosOrNotAtAll() {
            Tensor x = tensor(Shape.of(1, 1, 2, 2), 4, 8, 12, 16);
            AveragePool2d padded = averagePool2d(2).padding(1);

            assertArrayEquals(new float[] {1, 2, 3, 4}, model(padded, 1, 2, 2).forward(x).toFloats());
            assertArrayEquals(
                    new float[] {4, 8, 12, 16}, model(padded.withoutPaddingInMean(), 1, 2, 2).forward(x).toFloats());
        }

        @Test
        void cellsBeyondThePaddingNeverCount() {
            Tensor y = model(averagePool2d(2).partial(), 1, 3, 3).forward(counting(1, 1, 3, 3));

            assertArrayEquals(new float[] {3, 4.5f, 7.5f, 9}, y.toFloats());
        }
    }

    @Nested
    class GlobalAveragePool2dTest extends LayerTck {
        @Override
        protected Facts facts() {
            return new Facts(globalAveragePool2d(), "globalAveragePool2d()", Shape.of(5, 2, 3), Shape.of(5), List.of());
        }

        @Test
        void takesTheMeanOfEachChannel() {
            Tensor y = model(globalAveragePool2d(), 2, 2, 2).forward(counting(1, 2, 2, 2));

            assertArrayEquals(new float[] {2.5f, 6.5f}, y.toFloats());
        }
    }

    @Nested
    class AdaptiveAveragePool2dTest extends LayerTck {
        @Override
        protected Facts facts() {
            return new Facts(
                    adaptiveAveragePool2d(2, 3),
                    "adaptiveAveragePool2d(2, 3)",
                    Shape.of(2, 5, 4),
                    Shape.of(2, 2, 3),
                    List.of());
        }

        @Test
        void windowsOverlapWhereExtentsDoNotDivide() {
            Tensor y = model(adaptiveAveragePool2d(1, 3), 1, 1, 5).forward(counting(1, 1, 1, 5));

            // cells [0, 2), [1, 4), [3, 5)
            assertArrayEquals(new float[] {1.5f, 3, 4.5f}, y.toFloats());
        }

        @Test
        void poolsBothDirections() {
            Tensor y = model(adaptiveAveragePool2d(2), 2, 3, 4).forward(counting(1, 2, 3, 4));

            // rows [0, 2) and [1, 3), columns [0, 2) and [2, 4)
            assertArrayEquals(new float[] {3.5f, 5.5f, 7.5f, 9.5f, 15.5f, 17.5f, 19.5f, 21.5f}, y.toFloats());
        }

        @Test
        void agreesWithPoolingWhereExtentsDivide() {
            Tensor x = counting(2, 3, 6, 4);

            assertArrayEquals(
                    model(averagePool2d(3, 2), 3, 6, 4).forward(x).toFloats(),
                    model(adaptiveAveragePool2d(2), 3, 6, 4).forward(x).toFloats(),
                    1e-6f);
        }

        @Test
        void repeatsCellsWhereTheOutputIsLarger() {
            Tensor y = model(adaptiveAveragePool2d(1, 5), 1, 1, 2).forward(counting(1, 1, 1, 2));

            // cells [0, 1), [0, 1), [0, 2), [1, 2), [1, 2)
            assertArrayEquals(new float[] {1, 1, 1.5f, 2, 2}, y.toFloats());
        }

        @Test
        void worksAfterTheScopeInWhichItWasBuiltClosed() {
            var models = new Model[1];
            Memory.scope(() -> models[0] = model(adaptiveAveragePool2d(1), 1, 2, 2));

            assertArrayEquals(new float[] {2.5f}, models[0].forward(counting(1, 1, 2, 2)).toFloats());
        }

        @Test
        void rejectsOutputsThatNoArrayHolds() {
            rejects(
                    """
                    adaptiveAveragePool2d: 2147483647 windows over an extent of 4 take 8589934588 weights, \
                    more than 2147483647
                      input    [1, 4, 4]          (one example)
                      at net = adaptiveAveragePool2d(2147483647)\
                    """,
                    () -> model(adaptiveAveragePool2d(Integer.MAX_VALUE), 1, 4, 4));
        }

        @Test
        void onShapesAloneNothingIsFilled() {
            // 2³⁰ weights are 4 GiB
            Model model = Model.build(adaptiveAveragePool2d(1 << 30, 1), Shape.of(1, 1, 1), MetaBackend.create(), 1);

            assertEquals(Shape.of(1, 1 << 30, 1), model.output());
        }

        @Test
        void squareOutputsPrintOneNumber() {
            assertEquals("adaptiveAveragePool2d(7)", adaptiveAveragePool2d(7).toString());
        }
    }

    @Test
    void rejectsNonsense() {
        rejects("pool2d: kernel must be at least 1, got 0", () -> maxPool2d(0));
        rejects("pool2d: stride must be at least 1, got 0", () -> averagePool2d(2).stride(0));
        rejects("pool2d: padding must be at least 0, got -1", () -> maxPool2d(2).padding(-1));
        rejects("pool2d: padding must be at most half the kernel 3, got 2", () -> averagePool2d(3).padding(2));
        rejects("adaptiveAveragePool2d: size must be at least 1, got 0", () -> adaptiveAveragePool2d(3, 0));
        rejectsFields("maxPool2d: field 'kernel' is missing", Map.of("layer", "maxPool2d"));
        rejectsFields("averagePool2d: field 'kernel' is missing", Map.of("layer", "averagePool2d"));
        rejectsFields(
                "adaptiveAveragePool2d: field 'width' is missing",
                Map.of("layer", "adaptiveAveragePool2d", "height", 2));
        rejectsFields(
                "globalAveragePool2d: unknown field 'kernel'; expected []",
                Map.of("layer", "globalAveragePool2d", "kernel", 2));
    }

    @Test
    void inAModelFileTheUsualStrideIsTheKernel() {
        assertEquals(maxPool2d(3), Run.read(Map.of("layer", "maxPool2d", "kernel", 3)));
        assertEquals(averagePool2d(3, 2), Run.read(Map.of("layer", "averagePool2d", "kernel", 3, "kernelWidth", 2)));
    }

    @Test
    void rejectsExamplesThatAreNoImages() {
        rejects(
                """
                maxPool2d: one example must have rank 3 (C, H, W), got 2
                  input    [4, 4]             (one example)
                  at net = maxPool2d(2)\
                """,
                () -> model(maxPool2d(2), 4, 4));
        rejects(
                """
                averagePool2d: one example must have rank 3 (C, H, W), got 4
                  input    [2, 1, 4, 4]       (one example)
                  at net = averagePool2d(2)\
                """,
                () -> model(averagePool2d(2), 2, 1, 4, 4));
        rejects(
                """
                globalAveragePool2d: one example must have rank 3 (C, H, W), got 1
                  input    [9]                (one example)
                  at net = globalAveragePool2d()\
                """,
                () -> model(globalAveragePool2d(), 9));
        rejects(
                """
                adaptiveAveragePool2d: one example must have rank 3 (C, H, W), got 0
                  input    []                 (one example)
                  at net = adaptiveAveragePool2d(1)\
                """,
                () -> model(adaptiveAveragePool2d(1)));
    }

    @Test
    void rejectsWindowsThatDoNotFit() {
        rejects(
                """
                maxPool2d: window 3 x 3 does not fit into input 2 x 5
                  input    [1, 1, 2, 5]       (N, C, H, W)
                  at net = maxPool2d(3)\
                """,
                () -> model(maxPool2d(3), 1, 2, 5));
        rejects(
                """
                averagePool2d: window 2 x 6 does not fit into input 2 x 5
                  input    [1, 1, 2, 5]       (N, C, H, W)
                  at net = averagePool2d(2, 6)\
                """,
                () -> model(averagePool2d(2, 6), 1, 2, 5));
    }
}
