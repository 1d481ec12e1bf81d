package lamella.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Every workload but the largest, with two examples a batch, in the shortest of windows.
class WorkloadTest {
    private static List<String> lines(String name) {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        var workload = Order.of(List.of("--batch", "2", name), 2).workloads().getFirst();
        try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(2))) {
            var protocol = new Protocol(2, 0, 0.01, 1, 0, false);
            workload.run(backend, new Stopwatch(out, protocol, 0, System::nanoTime, backend::synchronize));
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "W1, train_img_per_s_b2 infer_img_per_s_b2 infer_latency_us_b1",
        "W2, train_img_per_s_b2",
        "W3, train_seq_per_s_T80_b2",
        "W4, conv_fwdbwd_ms_b2 resnet18_infer_us_b1",
        "W5, train_seq_per_s_b2",
        "W6, sgemm1024_gflops"
    })
    void printsItsFigures(String name, String metrics) {
        List<String> lines = lines(name);
        List<String> timed = lines.stream().filter(line -> line.contains(" median=")).toList();
        assertTrue(
                lines.getFirst().startsWith("peer=lamella workload=" + name + " metric=start_to_first_step_ms value="));
        assertEquals(List.of(metrics.split(" ")), timed.stream().map(WorkloadTest::metric).toList());
        for (String line : timed) {
            assertTrue(line.startsWith("peer=lamella workload=" + name + " metric="), line);
            assertTrue(Double.parseDouble(line.replaceAll(".* median=(\\S+) .*", "$1")) > 0, line);
        }
    }

    private static String metric(String line) {
        return line.replaceAll(".* metric=(\\S+) .*", "$1");
    }
}
