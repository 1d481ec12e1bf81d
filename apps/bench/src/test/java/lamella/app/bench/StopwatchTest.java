package lamella.app.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

class StopwatchTest {
    private static final ProcessorUse ALONE = new ProcessorUse(1.5, 0.1);
    private static final ProcessorUse BESIDE_OTHERS = new ProcessorUse(1, 0.9);

    private static Windows windows(Windows.Window... all) {
        var windows = new Windows();
        List.of(all).forEach(windows::add);
        return windows;
    }

    @Test
    void onlyCleanWindowsCountOnceThereAreThree() {
        var clean = new Windows.Window(5, 10, 1, ALONE);
        var dirty = new Windows.Window(2, 4, 1, BESIDE_OTHERS);
        assertArrayEquals(new double[] {2, 5, 5}, windows(clean, clean, dirty).values());
        assertArrayEquals(new double[] {5, 5, 5}, windows(clean, clean, dirty, clean).values());
    }

    @Test
    void reportsMedianAndExtremes() {
        var windows =
                windows(
                        new Windows.Window(3, 10, 1, ALONE),
                        new Windows.Window(1, 10, 1, ALONE),
                        new Windows.Window(2, 10, 1, ALONE),
                        new Windows.Window(9, 10, 1, BESIDE_OTHERS));
        assertEquals(
                "median=2.000 min=1.000 max=3.000 threads=2 windows=3 clean=3/4 steps=40 cpu=1.38 other_cpu=0.30",
                windows.report(2));
    }

    @Test
    void quantilesLieBetweenTheValues() {
        assertEquals(2.5, Windows.quantile(new double[] {1, 2, 3, 4}, 0.5));
        assertEquals(4, Windows.quantile(new double[] {1, 2, 3, 4}, 1));
    }

    @Test
    void printsTheFiguresOfATraining() {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int[] steps = {0};
        new Stopwatch(out, 3, 0.01, 0.01, 2, 0.05, false, System.currentTimeMillis())
                .training("W0", "train_x_per_s", 4, () -> steps[0]++, () -> steps[0] == 1 ? 0.75 : 0.25);
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).matches("peer=lamella workload=W0 metric=start_to_first_step_ms value=.* threads=3"));
        assertTrue(
                lines.get(1).matches("peer=lamella workload=W0 metric=train_x_per_s median=.* threads=3 windows=.*"));
        assertEquals("peer=lamella workload=W0 metric=loss_check first=0.7500 last=0.2500", lines.get(2));
    }
}
