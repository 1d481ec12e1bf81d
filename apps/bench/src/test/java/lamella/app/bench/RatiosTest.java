package lamella.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What `ratios.awk` makes of the lines that `compare.sh` and `compare-all.sh` collect.
class RatiosTest {
    /// Three rounds of a rate, two of a time, one of the memory; a loss, which is not compared.
    private static final String LOG =
            """
            round=1 side=ours peer=lamella workload=W1 metric=train_img_per_s median=15000.000 min=1 max=2
            round=1 side=torch peer=libtorch workload=W1 metric=train_img_per_s median=10000.000 min=1 max=2
            round=1 side=flow peer=tfjava workload=W1 metric=train_img_per_s median=12000.000 min=1 max=2
            round=2 side=flow peer=tfjava workload=W1 metric=train_img_per_s median=10000.000 min=1 max=2
            round=2 side=torch peer=libtorch workload=W1 metric=train_img_per_s median=20000.000 min=1 max=2
            round=2 side=ours peer=lamella workload=W1 metric=train_img_per_s median=10000.000 min=1 max=2
            round=3 side=ours peer=lamella workload=W1 metric=train_img_per_s median=12000.000 min=1 max=2
            round=3 side=flow peer=tfjava workload=W1 metric=train_img_per_s median=12000.000 min=1 max=2
            round=3 side=torch peer=libtorch workload=W1 metric=train_img_per_s median=6000.000 min=1 max=2
            round=1 side=ours peer=lamella workload=W1 metric=loss_check first=2.3 last=0.1
            round=1 side=ours peer=lamella workload=W1 metric=peak_rss_mb value=300.0000 threads=2
            round=1 side=torch peer=libtorch workload=W1 metric=peak_rss_mb value=450.0000 threads=2
            round=1 side=ours peer=lamella workload=W4 metric=conv_fwdbwd_ms median=40.0 min=1 max=2
            round=1 side=torch peer=libtorch workload=W4 metric=conv_fwdbwd_ms median=50.0 min=1 max=2
            round=2 side=ours peer=lamella workload=W4 metric=conv_fwdbwd_ms median=40.0 min=1 max=2
            round=2 side=torch peer=libtorch workload=W4 metric=conv_fwdbwd_ms median=30.0 min=1 max=2
            """;

    @TempDir Path folder;

    private List<String> ratios(String form) throws IOException, InterruptedException {
        Path log = Files.writeString(folder.resolve("lines.log"), LOG);
        Path out = folder.resolve("out");
        var awk = new ProcessBuilder("awk", "-v", "form=" + form, "-f", "ratios.awk", log.toString());
        Process process;
        try {
            process = awk.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        } catch (IOException e) {
            assumeTrue(false, "no awk here: " + e.getMessage());
            throw e;
        }
        assertEquals(0, process.waitFor());
        return Files.readAllLines(out, StandardCharsets.UTF_8);
    }

    @Test
    void aRatioIsThatOfTheSpeedsWithinARound() throws Exception {
        assertEquals(
                List.of(
                        "ratio=lamella/libtorch workload=W1 metric=train_img_per_s median=1.500 min=0.500 max=2.000"
                                + " pairs=3",
                        "ratio=lamella/tfjava workload=W1 metric=train_img_per_s median=1.000 min=1.000 max=1.250"
                                + " pairs=3",
                        "ratio=lamella/libtorch workload=W1 metric=peak_rss_mb median=1.500 min=1.500 max=1.500"
                                + " pairs=1",
                        "ratio=lamella/libtorch workload=W4 metric=conv_fwdbwd_ms median=1.000 min=0.750 max=1.250"
                                + " pairs=2"),
                ratios("lines"));
    }

    @Test
    void theTableHasTheBestOfTheOthers() throws Exception {
        assertEquals(
                List.of(
                        "| workload | metric | Lamella | best peer | its figure | ratio | least to most | pairs |",
                        "|---|---|---|---|---|---|---|---|",
                        "| W1 | `train_img_per_s` | 12,000 | tfjava | 12,000 | 1.00 | 1.00 to 1.25 | 3 |",
                        "| W1 | `peak_rss_mb` | 300 | libtorch | 450 | 1.50 | 1.50 to 1.50 | 1 |",
                        "| W4 | `conv_fwdbwd_ms` | 40 | libtorch | 40 | 1.00 | 0.75 to 1.25 | 2 |"),
                ratios("markdown"));
    }

    @Test
    void theValuesAreThoseOfEachProcess() throws Exception {
        List<String> lines = ratios("csv");
        assertEquals(
                List.of("workload,metric,round,peer,value", "W1,train_img_per_s,1,lamella,15000.000"),
                lines.subList(0, 2));
        assertEquals(1 + 15, lines.size());
    }
}
