package lamella.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.List;

class ScopeTest {
    private static final Shape SHAPE = Shape.of(2, 3);

    private final Scope net = Scope.root("net", MetaBackend.create(), RandomSource.of(1));

    @Test
    void knowsThePathOfWhatItMakes() {
        Scope conv = net.child("conv1");

        assertEquals("net.conv1", conv.path());
        assertEquals("net.conv1.weight [2, 3]", conv.parameter("weight", SHAPE, Initializer.zeros()).toString());
        assertEquals("net.conv1.weight", net.parameters().getFirst().value().label());
    }

    @Test
    void aRootWithoutANameLeavesNoTrace() {
        Scope root = Scope.root("", MetaBackend.create(), RandomSource.of(1));

        assertEquals("", root.path());
        assertEquals("dense1", root.child("dense1").path());
        assertEquals("scale", root.parameter("scale", SHAPE, Initializer.ones()).path());
        assertEquals(1, root.parameters().size());
    }

    @Test
    void collectsInOrder() {
        Scope first = net.child("first");
        Parameter a = first.parameter("a", SHAPE, Initializer.zeros());
        Parameter b = net.child("second").buffer("b", SHAPE, Initializer.zeros());
        Parameter c = first.parameter("c", SHAPE, Initializer.zeros());

        assertEquals(List.of(a, b, c), net.parameters());
        assertEquals(List.of(a, c), first.parameters());
        assertTrue(a.trainable());
        assertFalse(b.trainable());
    }

    @Test
    void aPathIsNoPrefixOfItsNeighbour() {
        net.child("conv10").parameter("weight", SHAPE, Initializer.zeros());

        assertEquals(List.of(), net.child("conv1").parameters());
    }

    @Test
    void rejectsWhatIsMadeTwice() {
        net.child("conv1").parameter("weight", SHAPE, Initializer.zeros());
        net.parameter("scale", SHAPE, Initializer.zeros());

        assertEquals(
                "scope: 'net.conv1' is made twice",
                assertThrows(IllegalArgumentException.class, () -> net.child("conv1")).getMessage());
        assertEquals(
                "scope: 'net.scale' is made twice",
                assertThrows(IllegalArgumentException.class, () -> net.buffer("scale", SHAPE, Initializer.zeros()))
                        .getMessage());
    }

    @Test
    void eachPathHasItsOwnRandomNumbers() {
        long conv = net.child("conv1").random().key();

        assertNotEquals(conv, net.child("conv2").random().key());
        assertEquals(conv, Scope.root("net", MetaBackend.create(), RandomSource.of(1)).child("conv1").random().key());
    }
}
