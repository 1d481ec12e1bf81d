package lamella.tck.optim;

import static lamella.optim.Optimizers.adagrad;
import static lamella.optim.Optimizers.adam;
import static lamella.optim.Optimizers.adamW;
import static lamella.optim.Optimizers.rmsProp;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.optim.Adagrad;
import lamella.optim.Adam;
import lamella.optim.Optimizers;
import lamella.optim.RmsProp;
import lamella.optim.Sgd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;

class OptimizerSpecTest {
    private static void assertRejected(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    @Test
    void defaultsAreAsDocumented() {
        assertEquals(new Sgd(0.1f, 0, false, 0), sgd(0.1));
        assertEquals(new Adam(0.1f, 0.9f, 0.999f, 1e-8f, 0, false), adam(0.1));
        assertEquals(new Adam(0.1f, 0.9f, 0.999f, 1e-8f, 0.01f, true), adamW(0.1));
        assertEquals(new RmsProp(0.1f, 0.99f, 1e-8f, 0, 0), rmsProp(0.1));
        assertEquals(new Adagrad(0.1f, 1e-10f, 0), adagrad(0.1));
    }

    @Test
    void withersChangeOneConstant() {
        assertEquals(
                new Sgd(0.2f, 0.9f, true, 0.5f),
                sgd(1).learningRate(0.2).momentum(0.9).nesterov(true).weightDecay(0.5));
        assertEquals(
                new Adam(0.2f, 0.5f, 0.6f, 0.7f, 0.8f, false),
                adam(1).learningRate(0.2).betas(0.5, 0.6).epsilon(0.7).weightDecay(0.8));
        assertEquals(
                new RmsProp(0.2f, 0.5f, 0.6f, 0.7f, 0.8f),
                rmsProp(1).learningRate(0.2).decay(0.5).epsilon(0.6).momentum(0.7).weightDecay(0.8));
        assertEquals(new Adagrad(0.2f, 0.5f, 0.6f), adagrad(1).learningRate(0.2).epsilon(0.5).weightDecay(0.6));
    }

    @Test
    void printsTheCodeThatMakesIt() {
        assertEquals("sgd(0.1)", sgd(0.1).toString());
        assertEquals(
                "sgd(0.1).momentum(0.9).nesterov(true).weightDecay(0.5)",
                sgd(0.1).momentum(0.9).nesterov(true).weightDecay(0.5).toString());
        assertEquals("adam(0.001)", adam(0.001).toString());
        assertEquals(
                "adam(0.001).betas(0.5, 0.999).epsilon(0.25).weightDecay(0.1)",
                adam(0.001).betas(0.5, 0.999).epsilon(0.25).weightDecay(0.1).toString());
        assertEquals("adamW(0.001)", adamW(0.001).toString());
        assertEquals("adamW(0.001).weightDecay(0.0)", adamW(0.001).weightDecay(0).toString());
        assertEquals("rmsProp(0.01)", rmsProp(0.01).toString());
        assertEquals(
                "rmsProp(0.01).decay(0.5).epsilon(0.25).momentum(0.9).weightDecay(0.1)",
                rmsProp(0.01).decay(0.5).epsilon(0.25).momentum(0.9).weightDecay(0.1).toString());
        assertEquals("adagrad(0.01)", adagrad(0.01).toString());
        assertEquals(
                "adagrad(0.01).epsilon(0.25).weightDecay(0.1)",
                adagrad(0.01).epsilon(0.25).weightDecay(0.1).toString());
    }

    @Test
    void isFoundByName() {
        assertEquals(List.of("adagrad", "adam", "adamw", "rmsprop", "sgd"), Optimizers.names());
        for (String name : Optimizers.names()) {
            assertEquals(name, Optimizers.byName(name, 0.1f).kind());
            assertEquals(0.1f, Optimizers.byName(name, 0.1f).learningRate());
        }
        assertEquals(adamW(0.1), Optimizers.byName("adamw", 0.1f));
        assertRejected(
                "no optimizer named 'adan'; known: [adagrad, adam, adamw, rmsprop, sgd]",
                () -> Optimizers.byName("adan", 0.1f));
    }

    @Test
    void namesItsState() {
        assertEquals(List.of(), sgd(1).slots());
        assertEquals(List.of("velocity"), sgd(1).momentum(0.9).slots());
        assertEquals(List.of("mean", "square"), adam(1).slots());
        assertEquals(List.of("mean", "square"), adamW(1).slots());
        assertEquals(List.of("square", "velocity"), rmsProp(1).slots());
        assertEquals(List.of("square"), adagrad(1).slots());
    }

    @Test
    void rejectsConstantsOutOfRange() {
        assertRejected("adam: beta1 must be in [0, 1), got 1.0", () -> adam(1).betas(1, 0.9));
        assertRejected("adam: beta2 must be in [0, 1), got -0.5", () -> adam(1).betas(0.9, -0.5));
        assertRejected("adamw: epsilon must be finite and greater than 0, got 0.0", () -> adamW(1).epsilon(0));
        assertRejected("adamw: weightDecay must be finite and at least 0, got -1.0", () -> adamW(1).weightDecay(-1));
        assertRejected("sgd: learningRate must be finite and at least 0, got NaN", () -> sgd(Double.NaN));
        assertRejected("sgd: learningRate must be finite and at least 0, got Infinity", () -> sgd(1e39));
        assertRejected("sgd: momentum must be in [0, 1), got NaN", () -> sgd(1).momentum(0f / 0));
        assertRejected("sgd: nesterov needs a momentum greater than 0, got 0.0", () -> sgd(1).nesterov(true));
        assertRejected("sgd: weightDecay must be finite and at least 0, got -1.0", () -> sgd(1).weightDecay(-1));
        assertRejected("rmsprop: decay must be in [0, 1), got 1.0", () -> rmsProp(1).decay(1));
        assertRejected("rmsprop: momentum must be in [0, 1), got 1.0", () -> rmsProp(1).momentum(1));
        assertRejected("rmsprop: epsilon must be finite and greater than 0, got -1.0", () -> rmsProp(1).epsilon(-1));
        assertRejected("adagrad: epsilon must be finite and greater than 0, got 0.0", () -> adagrad(1).epsilon(0));
        assertRejected(
                "adagrad: weightDecay must be finite and at least 0, got -1.0", () -> adagrad(1).weightDecay(-1));
    }
}
