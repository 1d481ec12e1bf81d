package lamella.app.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import jcuda.JCudaVersion;
import jcuda.LibUtils;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How each arrangement behaves on a machine without a GPU: everything is found and loaded, up to the driver.
class WithoutDriverIT {
    private static final String REASON =
            "cannot run here: libcuda.so.1 (the NVIDIA driver) was not found; searched the system's library path";

    @TempDir static Path shared;
    @TempDir Path temporary;

    private static Path data;
    private static Path model;

    @BeforeAll
    static void trainAModelOnTheCpu() throws IOException {
        assumeFalse(hasDriver(), "this machine has a driver");
        data = DigitFiles.write(shared.resolve("data"), 100, 50);
        model = shared.resolve("model");
        Path folder = Files.createDirectory(shared.resolve("temporary"));
        Program program = Arrangement.LINKED.mnist(folder);
        List<String> lines = program.run("train", "--data", data, "--epochs", 1, "--out", model).ok();
        // the CPU is taken where no backend is asked for
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("backend    cpu, ")), lines::toString);
    }

    @SuppressWarnings("restricted")
    private static boolean hasDriver() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup("libcuda.so.1", arena);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// The table of `backends`, and for plugins their names.
    private static List<String> table(Arrangement arrangement) {
        boolean modules = arrangement != Arrangement.CLASS_PATH;
        var lines = new ArrayList<>(List.of("backend    module                   runs on"));
        lines.add("%-10s %-24s %s".formatted("cuda", modules ? "lamella.backend.cuda" : "(class path)", REASON));
        String cpu = "%-10s %-24s ".formatted("cpu", modules ? "lamella.backend.cpu" : "(class path)");
        lines.add("\\Q" + cpu + "\\E\\d+ cores?, \\d+-bit vectors \\(default\\)");
        if (arrangement == Arrangement.PLUGINS) {
            Stream.of(
                            "jcublas",
                            "jcublas.natives",
                            "jcuda",
                            "jcuda.natives",
                            "jcudnn",
                            "jcudnn.natives",
                            "lamella.backend.cuda")
                    .map(module -> "plugin: " + module)
                    .forEach(lines::add);
        }
        return lines;
    }

    private List<Path> left() throws IOException {
        try (var files = Files.list(temporary)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void backendsNamesTheDriver(Arrangement arrangement) throws IOException {
        assertLinesMatch(table(arrangement), arrangement.mnist(temporary).run("backends").ok());
        assertEquals(List.of(), left());
    }

    @Test
    void oneImageHasBothPrograms() throws IOException {
        assertLinesMatch(table(Arrangement.LINKED), Arrangement.imdb(temporary).run("backends").ok());
        assertEquals(List.of(), left());
    }

    @ParameterizedTest
    @EnumSource
    void computingOnItIsRefusedInOneLine(Arrangement arrangement) throws IOException {
        arrangement
                .mnist(temporary)
                .run("evaluate", "--backend", "cuda", "--data", data, "--model", model)
                .failed("backend 'cuda' " + REASON);
        assertEquals(List.of(), left());
    }

    /// Left alone, JCuda loads what lies under a name that everybody knows in a folder where everybody may write.
    @ParameterizedTest
    @EnumSource
    void loadsNothingThatOthersLeft(Arrangement arrangement) throws IOException, InterruptedException {
        assumeFalse(Emulator.compiler().isEmpty(), "the trap needs g++, which is not here");
        Path trace = shared.resolve("trace-" + arrangement);
        String source =
                "#include <stdio.h>\n__attribute__((constructor)) void spring() { fclose(fopen(\"%s\", \"w\")); }"
                        .formatted(trace);
        String name = LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get());
        Path trap = temporary.resolve(LibUtils.createLibraryFileName(name));
        Path file = Files.writeString(shared.resolve("trap.cpp"), source);
        var command = List.of(Emulator.compiler().get(), "-shared", "-fPIC", "-o", trap + "", file + "");
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        assertLinesMatch(table(arrangement), arrangement.mnist(temporary).run("backends").ok());
        assertFalse(Files.exists(trace), "the library was loaded");
        assertEquals(List.of(trap), left());
    }
}
