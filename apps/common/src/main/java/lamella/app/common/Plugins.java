package lamella.app.common;

import lamella.backend.Backends;
import lamella.nn.LayerCatalog;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Modules that a user put into the `plugins` folder of the program's image: layers and backends.
/// Each gets a class loader of its own. One that cannot be used is left out, with a note.
public final class Plugins {
    /// The system property that names another folder.
    public static final String FOLDER_PROPERTY = "lamella.plugins";

    private final Optional<ModuleLayer> layer;
    private final List<String> modules;
    private final List<String> notes;

    private Plugins(Optional<ModuleLayer> layer, List<String> modules, List<String> notes) {
        this.layer = layer;
        this.modules = List.copyOf(modules);
        this.notes = List.copyOf(notes);
    }

    /// Loads what is in the folder `plugins` of the image, or where [#FOLDER_PROPERTY] says.
    public static Plugins load() {
        String folder = System.getProperty(FOLDER_PROPERTY);
        return in(folder == null ? Path.of(System.getProperty("java.home"), "plugins") : Path.of(folder));
    }

    /// Loads what is in a folder. A folder that is missing or empty has no plugins.
    public static Plugins in(Path folder) {
        var notes = new ArrayList<String>();
        Map<String, Path> found = find(folder, notes);
        ModuleLayer parent = ModuleLayer.boot();
        found.keySet().removeIf(name -> isInstalled(name, found.get(name), parent, notes));
        var finder = ModuleFinder.of(found.values().toArray(Path[]::new));
        var usable = new ArrayList<String>();
        found.forEach(
                (name, jar) -> {
                    usable.add(name);
                    try {
                        resolve(parent, finder, usable);
                    } catch (FindException | ResolutionException e) {
                        usable.remove(name);
                        notes.add(jar + ": " + e.getMessage());
                    }
                });
        if (usable.isEmpty()) {
            return new Plugins(Optional.empty(), usable, notes);
        }
        try {
            Configuration configuration = resolve(parent, finder, usable);
            var loader = Plugins.class.getClassLoader();
            ModuleLayer layer = parent.defineModulesWithManyLoaders(configuration, loader);
            return new Plugins(Optional.of(layer), usable, notes);
        } catch (LayerInstantiationException e) {
            notes.add(folder + ": " + e.getMessage());
            return new Plugins(Optional.empty(), List.of(), notes);
        }
    }

    private static Configuration resolve(ModuleLayer parent, ModuleFinder finder, List<String> names) {
        return parent.configuration().resolve(finder, ModuleFinder.of(), names);
    }

    private static Map<String, Path> find(Path folder, List<String> notes) {
        var found = new LinkedHashMap<String, Path>();
        if (!Files.exists(folder)) {
            return found;
        }
        if (!Files.isDirectory(folder)) {
            notes.add(folder + ": is no folder, so there are no plugins");
            return found;
        }
        for (Path entry : entries(folder, notes)) {
            if (!entry.getFileName().toString().endsWith(".jar") || Files.isDirectory(entry)) {
                notes.add(entry + ": is no jar, left out");
                continue;
            }
            moduleIn(entry, notes)
                    .ifPresent(
                            name -> {
                                Path before = found.putIfAbsent(name, entry);
                                if (before != null) {
                                    notes.add(
                                            "%s: module %s is in %s too, left out"
                                                    .formatted(entry, name, before.getFileName()));
                                }
                            });
        }
        return found;
    }

    private static List<Path> entries(Path folder, List<String> notes) {
        try (var entries = Files.list(folder)) {
            return entries.filter(e -> !e.getFileName().toString().startsWith(".")).sorted().toList();
        } catch (IOException e) {
            notes.add(Failure.describe(e));
            return List.of();
        }
    }

    private static Optional<String> moduleIn(Path jar, List<String> notes) {
        try {
            return ModuleFinder.of(jar).findAll().stream().findFirst().map(module -> module.descriptor().name());
        } catch (FindException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            notes.add(jar + ": cannot be read as a module, left out: " + reason);
            return Optional.empty();
        }
    }

    private static boolean isInstalled(String name, Path jar, ModuleLayer parent, List<String> notes) {
        boolean installed = parent.findModule(name).isPresent();
        if (installed) {
            notes.add(jar + ": module " + name + " is part of the program already, left out");
        }
        return installed;
    }

    /// Returns the names of the modules that were loaded.
    public List<String> modules() {
        return modules;
    }

    /// Returns what could not be used and why, a line each.
    public List<String> notes() {
        return notes;
    }

    /// Returns the backends of the program and of its plugins.
    public Backends backends() {
        return layer.map(Backends::of).orElseGet(Backends::installed);
    }

    /// Returns the layers of the program and of its plugins.
    public LayerCatalog layers() {
        return layer.map(LayerCatalog::of).orElseGet(LayerCatalog::installed);
    }
}
