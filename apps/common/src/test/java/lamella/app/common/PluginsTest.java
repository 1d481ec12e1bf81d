package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.nn.LayerProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

class PluginsTest {
    @TempDir Path work;

    private static final String PROVIDER =
            """
            package %s;
            import java.util.List;
            import lamella.nn.LayerProvider;
            import lamella.nn.LayerType;
            public final class Provider implements LayerProvider {
                public record Twice() implements lamella.nn.LayerSpec {
                    public lamella.nn.Layer build(lamella.nn.Scope scope, lamella.array.Shape input) {
                        return x -> x.add(x);
                    }
                }
                public List<LayerType<?>> layers() {
                    return List.of(LayerType.of(%s, Twice.class, _ -> new Twice(), (_, _) -> {}));
                }
            }
            """;

    /// Compiles a module with a layer `twice`, and puts it into the folder `plugins`.
    private Path plugin(String module, String more) throws IOException {
        return plugin(module, more, "\"twice\"");
    }

    /// The same with a layer whose name is the value of an expression.
    private Path plugin(String module, String more, String layerName) throws IOException {
        Path sources = work.resolve("sources-" + module);
        Path classes = work.resolve("classes-" + module);
        Path jar = folder().resolve(module + ".jar");
        Path home = sources.resolve(module.replace('.', '/'));
        Files.createDirectories(home);
        Files.writeString(home.resolve("Provider.java"), PROVIDER.formatted(module, layerName));
        Files.writeString(
                sources.resolve("module-info.java"),
                "module %s { requires lamella.core; %s provides lamella.nn.LayerProvider with %s.Provider; }"
                        .formatted(module, more, module));
        tool(
                "javac",
                "-p",
                modulePath(),
                "-d",
                classes.toString(),
                sources.resolve("module-info.java").toString(),
                home.resolve("Provider.java").toString());
        tool("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        return jar;
    }

    /// Compiles a jar without a descriptor, with the class `Name` in a package; its method `get` returns a text.
    private Path library(String name, String inPackage, String text) throws IOException {
        Path classes = work.resolve("classes-" + name);
        Path jar = folder().resolve(name + ".jar");
        Path source = Files.createDirectories(work.resolve("sources-" + name)).resolve("Name.java");
        Files.writeString(
                source,
                "package %s; public class Name { public static String get() { return \"%s\"; } }"
                        .formatted(inPackage, text));
        tool("javac", "-d", classes.toString(), source.toString());
        tool("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        return jar;
    }

    private String modulePath() {
        try {
            var location = LayerProvider.class.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(location.toURI()) + File.pathSeparator + folder();
        } catch (URISyntaxException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path folder() throws IOException {
        return Files.createDirectories(work.resolve("plugins"));
    }

    private static void tool(String name, String... arguments) {
        var out = new StringWriter();
        var writer = new PrintWriter(out);
        int status = ToolProvider.findFirst(name).orElseThrow().run(writer, writer, arguments);
        assertEquals(0, status, out::toString);
    }

    @Test
    void missingAndEmptyFoldersHaveNoPlugins() throws IOException {
        assertEquals(List.of(), Plugins.in(work.resolve("nowhere")).notes());
        assertEquals(List.of(), Plugins.in(folder()).notes());
        assertEquals(List.of(), Plugins.in(folder()).modules());
        assertFalse(Plugins.in(folder()).layers().names().contains("twice"));
        assertTrue(Plugins.in(folder()).layers().names().contains("dense"));
    }

    @Test
    void findsLayersBesideThoseOfTheProgram() throws IOException {
        plugin("test.twice", "");
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("test.twice"), plugins.modules());
        assertEquals(List.of(), plugins.notes());
        var layers = plugins.layers();
        assertTrue(layers.names().containsAll(List.of("dense", "twice")), layers.names()::toString);
        assertEquals("Twice[]", layers.read(Map.of("layer", "twice")).toString());
    }

    @Test
    void leavesOutWhatIsNoPluginAndKeepsTheRest() throws IOException {
        plugin("test.twice", "");
        Path text = Files.writeString(folder().resolve("readme.txt"), "words");
        Path garbage = Files.writeString(folder().resolve("garbage.jar"), "words");
        Path empty = Files.createFile(folder().resolve("empty.jar"));
        Files.createFile(folder().resolve(".hidden"));
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("test.twice"), plugins.modules());
        assertEquals(
                List.of(
                        empty + ": cannot be read as a module, left out: zip file is empty",
                        garbage + ": cannot be read as a module, left out:" + " zip END header not found",
                        text + ": is no jar, left out"),
                plugins.notes());
    }

    @Test
    void leavesOutAPluginThatNeedsAMissingModule() throws IOException {
        Path other = plugin("test.other", "");
        Path needy = plugin("test.needy", "requires test.other;");
        plugin("test.twice", "");
        Files.delete(other);
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("test.twice"), plugins.modules());
        assertEquals(List.of(needy + ": Module test.other not found, required by test.needy"), plugins.notes());
    }

    @Test
    void usesAPluginThatNeedsAnother() throws IOException {
        plugin("test.other", "exports test.other;");
        plugin("test.needy", "requires test.other;");
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("test.needy", "test.other"), plugins.modules());
        assertEquals(List.of(), plugins.notes());
    }

    @Test
    void usesAPluginThatNeedsAJarWithoutADescriptor() throws IOException {
        library("words", "test.words", "often");
        plugin("test.needy", "requires words;", "test.words.Name.get()");
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("test.needy", "words"), plugins.modules());
        assertEquals(List.of(), plugins.notes());
        assertTrue(plugins.layers().names().contains("often"));
    }

    @Test
    void leavesOutASecondJarWithoutADescriptorThatHasAPackageOfTheFirst() throws IOException {
        library("first", "test.words", "first");
        plugin("test.needy", "requires first;", "test.words.Name.get()");
        Path second = library("second", "test.words", "second");
        library("third", "test.more", "third");
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("first", "test.needy", "third"), plugins.modules());
        assertEquals(1, plugins.notes().size(), plugins.notes()::toString);
        String note = plugins.notes().getFirst();
        assertTrue(note.startsWith(second + ": "), note);
        assertTrue(note.contains("package test.words"), note);
        assertTrue(plugins.layers().names().contains("first"));
    }

    @Test
    void leavesOutAPluginThatNeedsAJarWithoutADescriptorThatIsMissing() throws IOException {
        Path words = library("words", "test.words", "often");
        Path needy = plugin("test.needy", "requires words;", "test.words.Name.get()");
        plugin("test.twice", "");
        Files.delete(words);
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("test.twice"), plugins.modules());
        assertEquals(List.of(needy + ": Module words not found, required by test.needy"), plugins.notes());
    }

    @Test
    void leavesOutASecondJarOfOneModule() throws IOException {
        Path first = plugin("test.twice", "");
        Path second = folder().resolve("zzz.jar");
        Files.copy(first, second);
        Plugins plugins = Plugins.in(folder());
        assertEquals(List.of("test.twice"), plugins.modules());
        assertEquals(List.of(second + ": module test.twice is in test.twice.jar too, left out"), plugins.notes());
    }

    @Test
    void leavesOutModulesOfTheProgramItself() throws IOException {
        Path classes = Files.createDirectories(work.resolve("core"));
        Files.writeString(work.resolve("module-info.java"), "module lamella.core {}");
        tool("javac", "-d", classes.toString(), work.resolve("module-info.java").toString());
        Path jar = folder().resolve("core.jar");
        tool("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        assertEquals(
                List.of(jar + ": module lamella.core is part of the program already, left out"),
                Plugins.in(folder()).notes());
    }

    @Test
    void saysThatTheFolderIsAFile() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "words");
        assertEquals(List.of(file + ": is no folder, so there are no plugins"), Plugins.in(file).notes());
    }
}
