package lamella.app.mnist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// Holds the whole project to its package table. It stands here because this module is built after all that it looks at.
class ArchitectureTest {
    /// What a package of layers may name: of the backend SPI only the handle, which it hands on to random numbers.
    private static final Set<String> LAYERS =
            Set.of("lamella.array", "lamella.tensor", "lamella.nn", "lamella.backend.Backend");

    /// What a package of kernels for CUDA may name.
    private static final Set<String> CUDA_KERNELS =
            Set.of("lamella.array", "lamella.backend", "lamella.backend.cuda.runtime", "jcuda.");

    /// What a package may name besides itself and java.base: our packages and single types by name, others by a prefix
    /// that ends in a dot.
    private static final Map<String, Set<String>> MAY_NAME =
            Map.ofEntries(
                    Map.entry("lamella.array", Set.of()),
                    Map.entry("lamella.backend", Set.of("lamella.array")),
                    Map.entry("lamella.tensor", Set.of("lamella.array", "lamella.backend")),
                    Map.entry(
                            "lamella.nn",
                            Set.of("lamella.array", "lamella.backend", "lamella.tensor", "tools.jackson.")),
                    Map.entry("lamella.optim", Set.of("lamella.array", "lamella.backend", "lamella.tensor")),
                    Map.entry("lamella.data", Set.of("lamella.array", "lamella.backend", "lamella.tensor")),
                    Map.entry(
                            "lamella.io",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.tensor",
                                    "lamella.nn",
                                    "lamella.optim",
                                    "tools.jackson.")),
                    Map.entry(
                            "lamella.train",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.tensor",
                                    "lamella.nn",
                                    "lamella.optim",
                                    "lamella.data",
                                    "lamella.io",
                                    "tools.jackson.")),
                    Map.entry("lamella.train.text", Set.of()),
                    Map.entry("lamella.backend.cpu.runtime", Set.of("lamella.array", "lamella.backend")),
                    Map.entry("lamella.backend.cpu.vector", Set.of("lamella.backend", "jdk.incubator.vector.")),
                    Map.entry(
                            "lamella.backend.cpu.matrix",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.backend.cpu.runtime",
                                    "jdk.incubator.vector.")),
                    Map.entry(
                            "lamella.backend.cpu.convolution",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.backend.cpu.runtime",
                                    "lamella.backend.cpu.matrix",
                                    "jdk.incubator.vector.")),
                    Map.entry(
                            "lamella.backend.cpu.recurrent",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.backend.cpu.runtime",
                                    "lamella.backend.cpu.vector",
                                    "lamella.backend.cpu.matrix",
                                    "jdk.incubator.vector.")),
                    Map.entry(
                            "lamella.backend.cpu",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.backend.cpu.runtime",
                                    "lamella.backend.cpu.vector",
                                    "lamella.backend.cpu.matrix",
                                    "lamella.backend.cpu.convolution",
                                    "lamella.backend.cpu.recurrent")),
                    Map.entry("lamella.backend.cuda.runtime", Set.of("lamella.array", "lamella.backend", "jcuda.")),
                    Map.entry("lamella.backend.cuda.kernel", CUDA_KERNELS),
                    Map.entry("lamella.backend.cuda.matrix", CUDA_KERNELS),
                    Map.entry(
                            "lamella.backend.cuda.convolution",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.backend.cuda.runtime",
                                    "lamella.backend.cuda.matrix",
                                    "jcuda.")),
                    Map.entry("lamella.backend.cuda.recurrent", CUDA_KERNELS),
                    Map.entry(
                            "lamella.backend.cuda",
                            Set.of(
                                    "lamella.array",
                                    "lamella.backend",
                                    "lamella.backend.cuda.runtime",
                                    "lamella.backend.cuda.kernel",
                                    "lamella.backend.cuda.matrix",
                                    "lamella.backend.cuda.convolution",
                                    "lamella.backend.cuda.recurrent")),
                    Map.entry("lamella.layers.cnn", LAYERS),
                    Map.entry("lamella.layers.rnn", LAYERS),
                    Map.entry("lamella.plugin.example", LAYERS));

    /// Modules whose packages may name all that others export.
    private static final Pattern FREE = Pattern.compile("lamella\\.app\\..*|lamella\\.core\\.tck");

    /// Modules that must be open: JUnit calls what it finds in them by reflection.
    private static final Set<String> MAY_OPEN = Set.of("lamella.core.tck");

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Pattern DEPENDENCY = Pattern.compile(" +(\\S+) +-> (\\S+) +(\\S.*)");

    private record Module(Path folder, ModuleDescriptor descriptor) {
        String name() {
            return descriptor.name();
        }

        Path classes() {
            return folder.resolve("target", "classes");
        }

        Path sources() {
            return folder.resolve("src", "main", "java");
        }

        static Module read(Path folder) {
            try (var in = Files.newInputStream(folder.resolve("target", "classes", "module-info.class"))) {
                return new Module(folder, ModuleDescriptor.read(in));
            } catch (IOException e) {
                throw new AssertionError(
                        ROOT.relativize(folder) + " is not built; a test dependency of this project brings it before",
                        e);
            }
        }
    }

    /// One class of ours that names another class, in the module `where`.
    private record Dependency(String from, String to, String where) {
        String fromPackage() {
            return packageOf(from);
        }

        String toPackage() {
            return packageOf(to);
        }

        private static String packageOf(String type) {
            return type.substring(0, type.lastIndexOf('.'));
        }
    }

    private static List<Module> modules;
    private static List<Dependency> dependencies;

    @BeforeAll
    static void readTheBuild() throws IOException {
        try (var folders = Files.walk(ROOT, 2)) {
            modules =
                    folders.filter(f -> Files.exists(f.resolve("src", "main", "java", "module-info.java")))
                            // the benchmarks: an open module, as JMH wants it, perhaps built later
                            .filter(f -> !f.endsWith(Path.of("apps", "bench")))
                            .map(Module::read)
                            .sorted(comparing(Module::name))
                            .toList();
        }
        dependencies = jdeps();
    }

    @Test
    void seesTheModules() {
        var names = modules.stream().map(Module::name).collect(toSet());
        for (String name :
                List.of(
                        "lamella.core",
                        "lamella.core.tck",
                        "lamella.backend.cpu",
                        "lamella.backend.cuda",
                        "lamella.layers.cnn",
                        "lamella.layers.rnn",
                        "lamella.app.imdb",
                        "lamella.app.captioning",
                        "lamella.plugin.example")) {
            assertTrue(names.contains(name), () -> name + " is missing in " + names);
        }
        assertTrue(dependencies.size() > 10, () -> "jdeps found only " + dependencies);
    }

    @Test
    void packagesNameOnlyWhatTheTableAllows() {
        var faults = new TreeSet<String>();
        for (Module module : modules) {
            if (FREE.matcher(module.name()).matches()) {
                continue;
            }
            for (String name : module.descriptor.packages()) {
                if (!MAY_NAME.containsKey(name)) {
                    faults.add("package " + name + " of module " + module.name() + " is not in the table");
                }
            }
        }
        for (Dependency d : dependencies) {
            var allowed = MAY_NAME.get(d.fromPackage());
            if (allowed == null || d.where.equals("java.base") || d.toPackage().equals(d.fromPackage())) {
                continue;
            }
            if (!allowed.contains(d.toPackage())
                    && !allowed.contains(d.to)
                    && allowed.stream().noneMatch(prefix -> prefix.endsWith(".") && d.to.startsWith(prefix))) {
                faults.add(
                        d.from
                                + " names "
                                + d.to
                                + ", but "
                                + d.fromPackage()
                                + " may name only java.base and "
                                + new TreeSet<>(allowed));
            }
        }
        assertNone(faults);
    }

    @Test
    void packagesHaveNoCycle() {
        var graph = new TreeMap<String, Set<String>>();
        for (Dependency d : dependencies) {
            if (!d.toPackage().equals(d.fromPackage())) {
                graph.computeIfAbsent(d.fromPackage(), _ -> new TreeSet<>()).add(d.toPackage());
            }
        }
        var done = new HashSet<String>();
        for (String start : graph.keySet()) {
            assertNone(cycle(start, graph, new ArrayDeque<>(), done));
        }
    }

    private static List<String> cycle(String at, Map<String, Set<String>> graph, Deque<String> path, Set<String> done) {
        if (path.contains(at)) {
            while (!path.getFirst().equals(at)) {
                path.removeFirst();
            }
            path.addLast(at);
            return List.of("packages name each other in a circle: " + String.join(" -> ", path));
        }
        if (!done.add(at)) {
            return List.of();
        }
        path.addLast(at);
        for (String next : graph.getOrDefault(at, Set.of())) {
            var found = cycle(next, graph, path, done);
            if (!found.isEmpty()) {
                return found;
            }
        }
        path.removeLast();
        return List.of();
    }

    @Test
    void servicesOnTheClassPathAreThoseOnTheModulePath() throws IOException {
        for (Module module : modules) {
            var provided = new TreeMap<String, Set<String>>();
            for (Provides p : module.descriptor.provides()) {
                provided.put(p.service(), new TreeSet<>(p.providers()));
            }
            var listed = new TreeMap<String, Set<String>>();
            Path folder = module.folder.resolve("src", "main", "resources", "META-INF", "services");
            if (Files.isDirectory(folder)) {
                try (var files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        var lines = Files.readAllLines(file).stream().map(l -> l.replaceFirst("#.*", "").strip());
                        listed.put(
                                file.getFileName().toString(),
                                lines.filter(l -> !l.isEmpty()).collect(toCollection(TreeSet::new)));
                    }
                }
            }
            assertEquals(provided, listed, () -> "'provides' and META-INF/services differ in module " + module.name());
        }
    }

    /// A static method `provider()` counts on the module path only.
    @Test
    void providersCanBeMadeOnTheClassPath() throws IOException {
        var faults = new TreeSet<String>();
        for (Module module : modules) {
            for (Provides provides : module.descriptor.provides()) {
                for (String provider : provides.providers()) {
                    var type = ClassFile.of().parse(module.classes().resolve(provider.replace('.', '/') + ".class"));
                    boolean constructor =
                            type.methods().stream()
                                    .anyMatch(
                                            m ->
                                                    m.methodName().equalsString("<init>")
                                                            && m.methodType().equalsString("()V")
                                                            && m.flags().has(AccessFlag.PUBLIC));
                    if (!constructor || !type.flags().has(AccessFlag.PUBLIC)) {
                        faults.add(
                                "provider "
                                        + provider
                                        + " is not public or has no public constructor without parameters");
                    }
                }
            }
        }
        assertNone(faults);
    }

    @Test
    void noModuleIsOpen() {
        var faults = new TreeSet<String>();
        for (Module module : modules) {
            if (MAY_OPEN.contains(module.name())) {
                continue;
            }
            if (module.descriptor.isOpen()) {
                faults.add("module " + module.name() + " is open");
            }
            module.descriptor.opens().forEach(o -> faults.add("module " + module.name() + " opens " + o.source()));
        }
        assertNone(faults);
    }

    @Test
    void exportedPackagesAreDescribed() {
        var faults = new TreeSet<String>();
        for (Module module : modules) {
            for (Exports exports : module.descriptor.exports()) {
                if (!Files.exists(module.sources().resolve(exports.source().replace('.', '/'), "package-info.java"))) {
                    faults.add("exported package " + exports.source() + " has no package-info.java");
                }
            }
        }
        assertNone(faults);
    }

    /// The compiler's doclint finds what has no comment; what it says about missing tags is left out.
    @Test
    void whatIsExportedHasComments(@TempDir Path out) throws IOException {
        var faults = new TreeSet<String>();
        var missing = Pattern.compile("warning: (no comment|no main description|empty comment)");
        for (Module module : modules) {
            if (module.descriptor.exports().isEmpty()) {
                continue;
            }
            var args = new ArrayList<>(List.of("-proc:none", "-Xmaxwarns", "100000", "-Xdoclint:missing/protected"));
            var exported = module.descriptor.exports().stream().map(Exports::source).toList();
            args.addAll(List.of("-Xdoclint/package:" + String.join(",", exported), "-d", out.toString()));
            args.addAll(List.of("--module-path", modulePath()));
            try (var files = Files.walk(module.sources())) {
                files.map(Path::toString).filter(f -> f.endsWith(".java")).forEach(args::add);
            }
            run("javac", args)
                    .lines()
                    .filter(line -> missing.matcher(line).find())
                    .map(line -> line.replace(ROOT + File.separator, ""))
                    .forEach(faults::add);
        }
        assertNone(faults);
    }

    private static List<Dependency> jdeps() {
        var args = new ArrayList<>(List.of("-verbose:class", "--multi-release", "25", "--module-path", modulePath()));
        modules.forEach(m -> args.add(m.classes().toString()));
        var found = new ArrayList<Dependency>();
        for (String line : run("jdeps", args).lines().toList()) {
            var match = DEPENDENCY.matcher(line);
            if (match.matches()) {
                found.add(new Dependency(match.group(1), match.group(2), match.group(3)));
            }
        }
        return found;
    }

    /// Our modules as built, and the libraries that this test runs with.
    private static String modulePath() {
        var libraries =
                Stream.of("jdk.module.path", "java.class.path")
                        .flatMap(p -> Stream.of(System.getProperty(p, "").split(File.pathSeparator)))
                        .filter(
                                entry ->
                                        entry.endsWith(".jar")
                                                && modules.stream()
                                                        .noneMatch(m -> Path.of(entry).startsWith(m.folder)));
        return String.join(
                File.pathSeparator,
                Stream.concat(modules.stream().map(m -> m.classes().toString()), libraries).toList());
    }

    /// Runs a tool of this JDK in this process; its words are English wherever the build runs.
    private static String run(String tool, List<String> args) {
        var out = new StringWriter();
        var writer = new PrintWriter(out);
        var locale = Locale.getDefault();
        Locale.setDefault(Locale.ENGLISH);
        try {
            int status = ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, args.toArray(String[]::new));
            assertEquals(0, status, () -> tool + " failed: " + out);
        } finally {
            Locale.setDefault(locale);
        }
        return out.toString();
    }

    private static void assertNone(Collection<String> faults) {
        if (!faults.isEmpty()) {
            fail(String.join("\n", faults));
        }
    }
}
