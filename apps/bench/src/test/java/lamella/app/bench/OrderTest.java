package lamella.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.backend.Precision;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class OrderTest {
    private static Order order(String... words) {
        return Order.of(List.of(words), 3);
    }

    private static String refusal(String... words) {
        return assertThrows(IllegalArgumentException.class, () -> order(words)).getMessage();
    }

    @Test
    void withoutWordsAllIsTimedOnTheProcessor() {
        Order order = order();
        assertEquals(
                List.of("W1", "W2", "W3", "W3b", "W4", "W5", "W6", "resnet50", "memory"),
                order.workloads().stream().map(Workload::name).toList());
        assertEquals("cpu", order.backend());
        assertEquals(3, order.options().threads());
        assertEquals(Optional.empty(), order.options().precision());
        assertTrue(order.options().deterministic());
    }

    @Test
    void readsOptionsAndNamesInAnyOrder() {
        Order order = order("W2", "--backend", "cuda", "--precision", "bfloat16", "--nondeterministic", "W4");
        assertEquals(List.of("W2", "W4"), order.workloads().stream().map(Workload::name).toList());
        assertEquals("cuda", order.backend());
        assertEquals(Optional.of(Precision.BFLOAT16), order.options().precision());
        assertFalse(order.options().deterministic());
    }

    @Test
    void aBatchOfAnotherSizeIsInTheMetricsName() {
        var w1 = (Several) order("--batch", "512", "W1").workloads().getFirst();
        assertEquals("train_img_per_s_b512", ((TrainingWorkload) w1.parts().getFirst()).metric());
        assertEquals(512, ((TrainingWorkload) w1.parts().getFirst()).batch());
        assertEquals(512, ((InferenceWorkload) w1.parts().get(1)).batch());
        var w3 = (TrainingWorkload) order("W3", "--batch", "512").workloads().getFirst();
        assertEquals("train_seq_per_s_T80_b512", w3.metric());
        var w4 = (Several) order("W4", "--batch", "8").workloads().getFirst();
        assertEquals("conv_fwdbwd_ms_b8", ((ConvolutionWorkload) w4.parts().getFirst()).metric());
        var usual = (TrainingWorkload) order("W2", "--batch", "128").workloads().getFirst();
        assertEquals("train_img_per_s", usual.metric());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertEquals("no workload named 'W9'; there are W1, W2, W3, W3b, W4, W5, W6, resnet50, memory", refusal("W9"));
        assertEquals("--backend needs a value", refusal("W1", "--backend"));
        assertEquals("--batch must be a whole number of at least 1, got '0'", refusal("--batch", "0"));
        assertEquals("precision must be one of float32, tf32, bfloat16, got 'half'", refusal("--precision", "half"));
    }
}
