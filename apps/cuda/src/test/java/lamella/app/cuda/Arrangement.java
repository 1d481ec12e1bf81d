package lamella.app.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The ways in which a program gets the CUDA backend, as `backend-cuda/README.md` tells them.
enum Arrangement {
    /// On the module path, beside an image without CUDA.
    MODULE_PATH {
        @Override
        Program mnist(Path temporary) {
            return image(MNIST.resolve("image"), "mnist", temporary).where("LAMELLA_MODULE_PATH", PLUGIN);
        }
    },
    /// In the folder `plugins` of an image without CUDA.
    PLUGINS {
        @Override
        Program mnist(Path temporary) {
            return image(Copy.MADE, "mnist", temporary);
        }
    },
    /// Linked into an image.
    LINKED {
        @Override
        Program mnist(Path temporary) {
            return image(IMAGE, "mnist", temporary);
        }
    },
    /// Everything on the class path of a JDK.
    CLASS_PATH {
        @Override
        Program mnist(Path temporary) {
            String places =
                    String.join(
                            File.pathSeparator,
                            MNIST.resolve(System.getProperty("mnist.jar")).toString(),
                            MNIST.resolve("modules").resolve("*").toString(),
                            PLUGIN.resolve("*").toString());
            return new Program(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "--add-modules",
                            "jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Djava.io.tmpdir=" + temporary,
                            "-cp",
                            places,
                            "lamella.app.mnist.Main"),
                    Map.of());
        }
    };

    /// The project of the backend.
    static final Path BACKEND = Path.of(System.getProperty("backend-cuda")).normalize();

    private static final Path IMAGE = Path.of(System.getProperty("image"));
    private static final Path MNIST = Path.of(System.getProperty("mnist")).normalize();
    private static final Path PLUGIN = BACKEND.resolve("target").resolve("plugin");

    /// Returns the program `mnist`, with a folder of its own for temporary files.
    abstract Program mnist(Path temporary);

    /// Returns the program `imdb` of the image with CUDA.
    static Program imdb(Path temporary) {
        return image(IMAGE, "imdb", temporary);
    }

    private static Program image(Path image, String name, Path temporary) {
        return new Program(
                List.of(image.resolve("bin").resolve(name).toString()),
                Map.of("LAMELLA_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
    }

    /// The image without CUDA, copied away, and the backend copied into it.
    private static final class Copy {
        private static final Path MADE = make(IMAGE.resolveSibling("image-with-plugin"));

        private static Path make(Path copy) {
            String script = "rm -rf \"$3\"; cp -R \"$1\" \"$3\"; cp \"$2\"/* \"$3/plugins\"";
            var command = List.of("sh", "-ec", script, "sh", MNIST.resolve("image") + "", PLUGIN + "", copy + "");
            try {
                Files.createDirectories(copy.getParent());
                assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
                return copy;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
