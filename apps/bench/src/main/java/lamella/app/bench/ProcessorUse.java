package lamella.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much of the processors this process and the others used, from the counters of Linux. Where
/// there are none, nobody used any.
///
/// @param own seconds of this process so far
/// @param others seconds of all others so far, time stolen by other guests included
record ProcessorUse(double own, double others) {
    private static final Path SELF = Path.of("/proc/self/stat");
    private static final Path ALL = Path.of("/proc/stat");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double TICKS_PER_SECOND = 100;

    /// Fields behind the name in the process's line: time in its own code, time in the kernel.
    private static final int USER = 11;

    private static final int KERNEL = 12;

    /// Fields of the machine's line that are neither idle nor waiting.
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    static ProcessorUse now() {
        if (!Files.isReadable(SELF)) {
            return new ProcessorUse(0, 0);
        }
        String self = read(SELF);
        String[] fields = self.substring(self.lastIndexOf(')') + 2).split(" ");
        double own = Long.parseLong(fields[USER]) + Long.parseLong(fields[KERNEL]);
        String[] all = read(ALL).lines().findFirst().orElseThrow().trim().split("\\s+");
        double busy = 0;
        for (int field : BUSY) {
            busy += Long.parseLong(all[field]);
        }
        return new ProcessorUse(own / TICKS_PER_SECOND, (busy - own) / TICKS_PER_SECOND);
    }

    ProcessorUse since(ProcessorUse earlier) {
        return new ProcessorUse(own - earlier.own, others - earlier.others);
    }

    /// Returns the most memory that this process has held, in MiB; 0 where nobody counts it.
    static double peakMemory() {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        return read(STATUS)
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
