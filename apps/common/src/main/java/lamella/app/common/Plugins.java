package lamella.app.common;

import lamella.backend.Backends;
import lamella.nn.LayerCatalog;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Modules that a user put into the `plugins` folder of the program's image: layers, backends, and the
/// libraries that they need. One that cannot be used is left out, with a note.
///
/// Each module gets a class loader of its own, but the jars without a descriptor share one, as on a class
/// path: they may need each other in ways that only a common loader allows (a native library belongs
/// to the loader that loaded it). They are a layer of their own, below that of the others.
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
        ModuleLayer boot = ModuleLayer.boot();
        found.keySet().removeIf(name -> isInstalled(name, found.get(name), boot, notes));
        var plugins = new Plugins(Optional.empty(), List.of(), notes);
        return plugins.with(Kind.AUTOMATIC, found).with(Kind.DESCRIBED, found);
    }

    private enum Kind {
        /// Each is resolved as if it required all that are found with it, so only those may be found that fit.
        AUTOMATIC {
            @Override
            ModuleFinder finder(Map<String, Path> all, Map<String, Path> usable) {
                return ModuleFinder.of(usable.values().toArray(Path[]::new));
            }

            @Override
            ModuleLayer.Controller define(Configuration configuration, ModuleLayer parent) {
                return ModuleLayer.defineModulesWithOneLoader(configuration, List.of(parent), LOADER);
            }
        },
        /// They may require one another in any order.
        DESCRIBED {
            @Override
            ModuleFinder finder(Map<String, Path> all, Map<String, Path> usable) {
                return ModuleFinder.of(all.values().toArray(Path[]::new));
            }

            @Override
            ModuleLayer.Controller define(Configuration configuration, ModuleLayer parent) {
                return ModuleLayer.defineModulesWithManyLoaders(configuration, List.of(parent), LOADER);
            }
        };

        private static final ClassLoader LOADER = Plugins.class.getClassLoader();

        Map<String, Path> select(Map<String, Path> found) {
            var selected = new LinkedHashMap<>(found);
            selected.values().removeIf(jar -> descriptor(jar).isAutomatic() != (this == AUTOMATIC));
            return selected;
        }

        /// Returns where modules are looked for.
        abstract ModuleFinder finder(Map<String, Path> all, Map<String, Path> usable);

        abstract ModuleLayer.Controller define(Configuration configuration, ModuleLayer parent);
    }

    /// Returns these plugins and, in a layer on top of them, those jars of a kind that can be used.
    private Plugins with(Kind kind, Map<String, Path> found) {
        Map<String, Path> jars = kind.select(found);
        ModuleLayer parent = layer.orElseGet(ModuleLayer::boot);
        var usable = new LinkedHashMap<String, Path>();
        var more = new ArrayList<>(notes);
        jars.forEach(
                (name, jar) -> {
                    usable.put(name, jar);
                    try {
                        resolve(parent, kind.finder(jars, usable), usable);
                    } catch (FindException | ResolutionException e) {
                        usable.remove(name);
                        more.add(jar + ": " + e.getMessage());
                    }
                });
        if (usable.isEmpty()) {
            return new Plugins(layer, modules, more);
        }
        try {
            Configuration configuration = resolve(parent, kind.finder(jars, usable), usable);
            ModuleLayer.Controller controller = kind.define(configuration, parent);
            allowNatives(controller);
            var all = new ArrayList<>(modules);
            all.addAll(usable.keySet());
            all.sort(null);
            return new Plugins(Optional.of(controller.layer()), all, more);
        } catch (LayerInstantiationException e) {
            more.add("plugins " + usable.keySet() + ": " + e.getMessage());
            return new Plugins(layer, modules, more);
        }
    }

    /// Who puts a module into the folder trusts it: it may load native libraries without a warning,
    /// where the program itself may allow that.
    @SuppressWarnings("restricted")
    private static void allowNatives(ModuleLayer.Controller controller) {
        if (Plugins.class.getModule().isNativeAccessEnabled()) {
            controller.layer().modules().forEach(controller::enableNativeAccess);
        }
    }

    private static Configuration resolve(ModuleLayer parent, ModuleFinder finder, Map<String, Path> jars) {
        return parent.configuration().resolve(finder, ModuleFinder.of(), jars.keySet());
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
            return Optional.of(descriptor(jar).name());
        } catch (FindException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            notes.add(jar + ": cannot be read as a module, left out: " + reason);
            return Optional.empty();
        }
    }

    private static ModuleDescriptor descriptor(Path jar) {
        return ModuleFinder.of(jar).findAll().iterator().next().descriptor();
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
