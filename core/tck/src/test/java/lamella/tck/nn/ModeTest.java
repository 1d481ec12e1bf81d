package lamella.tck.nn;

import static lamella.tck.nn.Nets.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.nn.Mode;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

class ModeTest {
    @Test
    void isInferenceUnlessTrainingIsBound() {
        RandomSource random = RandomSource.of(1);
        assertFalse(Mode.training());

        Tensor result =
                Mode.train(
                        random,
                        () -> {
                            assertTrue(Mode.training());
                            assertSame(random, Mode.random());
                            return vector(7);
                        });

        assertFalse(Mode.training());
        assertEquals(7, result.item());
    }

    @Test
    void endsWithAnError() {
        assertThrows(
                IllegalStateException.class,
                () ->
                        Mode.train(
                                RandomSource.of(1),
                                () -> {
                                    throw new IllegalStateException("no");
                                }));

        assertFalse(Mode.training());
    }

    @Test
    void hasNoRandomNumbersOutsideTraining() {
        assertEquals(
                "mode: there are no random numbers outside training",
                assertThrows(IllegalStateException.class, Mode::random).getMessage());
    }
}
