package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Layers;
import lamella.nn.Scope;
import lamella.tck.LayerTck.Facts;
import lamella.tck.LayerTck.State;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// The suite of layers fails where it should: on wrong documentation, and on wrong layers.
final class LayerTckTest {
    private static final State WEIGHT = State.parameter("weight", Shape.of(5, 4), -0.5, 0.5);
    private static final State BIAS = State.parameter("bias", Shape.of(5), -0.5, 0.5);

    private static LayerTck tck(Facts facts) {
        return new LayerTck() {
            @Override
            protected Facts facts() {
                return facts;
            }
        };
    }

    private static LayerTck dense(String text, Shape output, State... state) {
        return tck(new Facts(Layers.dense(5), text, Shape.of(4), output, List.of(state)));
    }

    private static void assertFails(String message, Runnable test) {
        String actual = assertThrows(AssertionError.class, test::run).getMessage();
        assertTrue(actual.startsWith(message), actual);
    }

    @Test
    void catchesAWrongText() {
        LayerTck tck = dense("dense(6)", Shape.of(5), WEIGHT, BIAS);
        assertFails("expected: <dense(6)> but was: <dense(5)>", tck::printsTheCodeThatMakesIt);
    }

    @Test
    void catchesAWrongOutputShape() {
        LayerTck tck = dense("dense(5)", Shape.of(6), WEIGHT, BIAS);
        assertFails("expected: <[6]> but was: <[5]>", tck::givesTheDocumentedOutputShape);
    }

    @Test
    void catchesUndocumentedState() {
        LayerTck tck = dense("dense(5)", Shape.of(5), WEIGHT);
        assertFails(
                "expected: <[layer.weight [5, 4]]>" + " but was: <[layer.weight [5, 4], layer.bias [5]]>",
                tck::hasTheDocumentedState);
        State buffer = State.buffer("bias", Shape.of(5), 0);
        LayerTck other = dense("dense(5)", Shape.of(5), WEIGHT, buffer);
        assertFails("expected: ", other::hasTheDocumentedState);
    }

    @Test
    void catchesInitialValuesOutsideOfTheRangeAndThoseThatDoNotFillIt() {
        State narrow = State.parameter("weight", Shape.of(5, 4), -0.1, 0.1);
        State wide = State.parameter("weight", Shape.of(5, 4), -5, 5);
        LayerTck tooFar = dense("dense(5)", Shape.of(5), narrow, BIAS);
        assertFails("layer.weight begins in [-0.", tooFar::initialValuesFillTheDocumentedRange);
        LayerTck tooNear = dense("dense(5)", Shape.of(5), wide, BIAS);
        assertFails("layer.weight begins in [-0.", tooNear::initialValuesFillTheDocumentedRange);
    }

    /// A layer of one parameter `scale [4]`, wrong in a way of the test's choice.
    private record Broken(Function<Tensor, Layer> layer, Initializer initializer) implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            return layer.apply(scope.parameter("scale", input, initializer).value());
        }

        LayerTck tck() {
            State scale = State.parameter("scale", Shape.of(4), -1, 1);
            return LayerTckTest.tck(new Facts(this, "broken", Shape.of(4), Shape.of(4), List.of(scale)));
        }
    }

    @Test
    void catchesAParameterThatNoGradientReaches() {
        var broken = new Broken(_ -> x -> x, Initializer.uniform(1));
        assertFails("the gradient of layer.scale is zero", broken.tck()::gradientReachesEveryParameter);
    }

    @Test
    void catchesAWrongGradient() {
        // what is detached counts as a constant
        var broken = new Broken(s -> x -> x.multiply(s).multiply(s.detach()), Initializer.ones());
        assertFails("gradient of layer.scale[0]: expected ", broken.tck()::gradientsAgreeWithCentralDifferences);
    }

    @Test
    void catchesALayerThatDoesNotDependOnTheSeed() {
        var broken = new Broken(s -> x -> x.multiply(s), Initializer.ones());
        assertFails("scale does not depend on the seed", broken.tck()::oneSeedGivesOneResult);
    }

    @Test
    void catchesFixedStateThatDependsOnTheSeed() {
        State fixed = State.fixed("weight", Shape.of(5, 4), -0.5, 0.5);
        LayerTck tck = dense("dense(5)", Shape.of(5), fixed, BIAS);
        assertFails("weight depends on the seed", tck::oneSeedGivesOneResult);
    }

    @Test
    void catchesALayerThatChangesFromCallToCall() {
        var calls = new AtomicInteger();
        var broken = new Broken(s -> x -> x.multiply(s).multiply(calls.incrementAndGet()), Initializer.uniform(1));
        assertFails("array contents differ", broken.tck()::oneSeedGivesOneResult);
    }

    @Test
    void catchesExamplesThatDependOnTheirBatch() {
        var broken = new Broken(s -> x -> x.multiply(s).subtract(x.mean(0)), Initializer.uniform(1));
        assertFails("example 0 depends on its batch", broken.tck()::inferenceChangesNoStateAndTreatsExamplesOneByOne);
    }

    @Test
    void catchesALayerThatCannotLearn() {
        var broken = new Broken(s -> x -> x.multiply(s).multiply(0), Initializer.uniform(1));
        assertFails("the loss goes from ", broken.tck()::learnsAFewExamplesByHeart);
    }

    @Test
    void catchesALayerThatCannotBeSaved(@TempDir Path folder) {
        var broken = new Broken(s -> x -> x.multiply(s), Initializer.uniform(1));
        var error =
                assertThrows(IllegalArgumentException.class, () -> broken.tck().isTheSameAfterSavingAndLoading(folder));
        assertEquals(
                "layer " + broken + " cannot be saved: no provider on the module path knows " + Broken.class.getName(),
                error.getMessage());
    }
}
