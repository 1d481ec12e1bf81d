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

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Microseconds, moved on by the steps alone.
    private long now;

    private Stopwatch stopwatch(Runnable await) {
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        var protocol = new Protocol(3, 0.01, 0.1, 2, 0.05, false);
        return new Stopwatch(out, protocol, System.currentTimeMillis(), () -> 1000 * now, () -> {}).awaiting(await);
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String median(String line) {
        return line.replaceAll(".* median=(\\S+) .*", "$1");
    }

    @Test
    void printsTheFiguresOfATraining() {
        int[] steps = {0};
        Runnable step =
                () -> {
                    steps[0]++;
                    now += 2000;
                };
        stopwatch(() -> {}).training("W0", "train_x_per_s", 4, step, () -> steps[0] == 1 ? 0.75 : 0.25);
        List<String> lines = lines();
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).matches("peer=lamella workload=W0 metric=start_to_first_step_ms value=.* threads=3"));
        assertTrue(lines.get(1).startsWith("peer=lamella workload=W0 metric=train_x_per_s median=2000.000 min="));
        assertEquals("peer=lamella workload=W0 metric=loss_check first=0.7500 last=0.2500", lines.get(2));
    }

    /// A device that takes 6 ms for a step, which is asked for in 4 ms.
    @Test
    void countsWhatADeviceStillHasToDo() {
        int[] pending = {0};
        Runnable step =
                () -> {
                    pending[0]++;
                    now += 4000;
                };
        Runnable await =
                () -> {
                    now += 2000 * pending[0];
                    pending[0] = 0;
                };
        stopwatch(await).milliseconds("W0", "step_ms", step);
        assertEquals("6.000", median(lines().getFirst()));
        assertTrue(lines().getFirst().contains(" steps=34 "), "two windows of 100 ms: " + lines());
    }

    @Test
    void latencyIsTheMedianOfTheCalls() {
        int[] calls = {0};
        stopwatch(() -> {}).latency("W0", "call_us", () -> now += ++calls[0] % 3 == 0 ? 9000 : 1000);
        assertEquals("1000.000", median(lines().getFirst()));
    }
}
