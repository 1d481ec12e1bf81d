package lamella.backend.cuda.runtime;

import jcuda.JCudaVersion;
import jcuda.LibUtils;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds and loads what is native: JCuda's own libraries, and NVIDIA's that they need.
///
/// JCuda's come from `java.library.path` or the image's `lib` folder; where they are not there, they
/// are unpacked from their jars into a folder that only this user may enter and that ends with the
/// program. JCuda alone would unpack them to a fixed name in the folder for temporary files, and would
/// load whatever lies there.
///
/// NVIDIA's come from the folders that the system property [#FOLDERS_PROPERTY] or the environment's
/// [#FOLDERS_VARIABLE] name, else from where the system's loader looks.
public final class NativeLibraries {
    /// The system property with folders to search for NVIDIA's libraries, split as in a class path.
    public static final String FOLDERS_PROPERTY = "lamella.cuda.libraries";

    /// The environment's variable with the same meaning, asked when the property is not there.
    public static final String FOLDERS_VARIABLE = "LAMELLA_CUDA_LIBRARIES";

    /// No folder, so no file can lie in it.
    private static final Path NOWHERE = Path.of("/dev/null");

    /// One of JCuda's libraries.
    public enum Part {
        /// The driver's functions.
        DRIVER("JCudaDriver", "jcuda.natives", List.of("libcuda.so.1")),
        /// cuBLAS. The libraries of CUDA 13 come first: those of 12 may be the ones that forward to them.
        BLAS(
                "JCublas2",
                "jcublas.natives",
                List.of("libcublasLt.so.13", "libcublas.so.13", "libcublasLt.so.12", "libcublas.so.12")),
        /// cuDNN.
        DNN("JCudnn", "jcudnn.natives", List.of("libcudnn.so.9"));

        private final String library;
        private final String module;
        private final List<String> needed;

        Part(String library, String module, List<String> needed) {
            this.library = library;
            this.module = module;
            this.needed = needed;
        }
    }

    private final List<Path> folders;
    private Path unpacked;

    private NativeLibraries(List<Path> folders) {
        this.folders = folders;
    }

    /// Returns the libraries of the folders that the property or the variable names.
    public static NativeLibraries find() {
        String named = System.getProperty(FOLDERS_PROPERTY);
        if (named == null) {
            named = Optional.ofNullable(System.getenv(FOLDERS_VARIABLE)).orElse("");
        }
        return new NativeLibraries(
                Arrays.stream(named.split(File.pathSeparator)).filter(f -> !f.isEmpty()).map(Path::of).toList());
    }

    /// Returns where NVIDIA's libraries are searched, for messages.
    String searched() {
        Stream<String> places =
                Stream.concat(folders.stream().map(Path::toString), Stream.of("the system's library path"));
        return "searched " + String.join(", ", places.toList());
    }

    /// Tells whether a folder holds this library.
    boolean has(String library) {
        return folders.stream().anyMatch(folder -> Files.exists(folder.resolve(library)));
    }

    /// Loads what a part needs, and then the part.
    ///
    /// @param touch makes JCuda load the part, by the first use of its class
    /// @throws IOException if it cannot be unpacked
    void load(Part part, Runnable touch) throws IOException {
        for (String library : part.needed) {
            loadFromFolders(library);
        }
        unpack(part);
        // JCuda asks for the folder when it loads, and takes a file that is there, also after it failed to load one
        // from the library path. The JDK asked when it started.
        String before = System.setProperty("java.io.tmpdir", (unpacked == null ? NOWHERE : unpacked).toString());
        try {
            touch.run();
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
    }

    /// A library that was loaded by its path satisfies those which need one of its name.
    @SuppressWarnings("restricted")
    private void loadFromFolders(String library) {
        for (Path folder : folders) {
            Path file = folder.resolve(library).toAbsolutePath();
            if (Files.exists(file)) {
                System.load(file.toString());
                return;
            }
        }
    }

    private void unpack(Part part) throws IOException {
        String file =
                LibUtils.createLibraryFileName(
                        LibUtils.createPlatformLibraryName(part.library + "-" + JCudaVersion.get()));
        if (isOnLibraryPath(file)) {
            return;
        }
        try (InputStream in = open("lib/" + file, part.module)) {
            if (in == null) {
                throw new FileNotFoundException(
                        file + " is neither in a module " + part.module + " nor on java.library.path");
            }
            if (unpacked == null) {
                unpacked = privateFolder();
            }
            Files.copy(in, unpacked.resolve(file));
        }
    }

    private static boolean isOnLibraryPath(String file) {
        return Stream.of("java.library.path", "sun.boot.library.path")
                .flatMap(property -> Arrays.stream(System.getProperty(property, "").split(File.pathSeparator)))
                .anyMatch(folder -> !folder.isEmpty() && Files.exists(Path.of(folder, file)));
    }

    /// Natives are in jars of their own: modules beside JCuda's, or anywhere on the class path.
    private static InputStream open(String name, String module) throws IOException {
        ModuleLayer layer = NativeLibraries.class.getModule().getLayer();
        if (layer != null) {
            for (String candidate : List.of(module, "jcuda")) {
                Optional<Module> found = layer.findModule(candidate);
                InputStream in = found.isPresent() ? found.get().getResourceAsStream(name) : null;
                if (in != null) {
                    return in;
                }
            }
        }
        return ClassLoader.getSystemResourceAsStream(name);
    }

    private static Path privateFolder() throws IOException {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path folder = Files.createTempDirectory("lamella-cuda-", onlyOwner);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> file.toFile().delete());
        } catch (IOException _) {
            // the program ends; what is left is the system's to clear
        }
        folder.toFile().delete();
    }
}
