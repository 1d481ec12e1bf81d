package lamella.io;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.MetaBackend;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A model file or checkpoint: a [SafeTensors] file whose tensors are named by the paths of
/// parameters, and whose metadata says which net they belong to.
///
/// {@snippet :
/// ModelFile.save(file, model, catalog, optimizer.state(), Map.of("epoch", "3"));
/// ModelFile saved = ModelFile.open(file);
/// Model model = saved.model(catalog, backend);
/// saved.restore(optimizer.state());
/// }
///
/// The metadata has `lamella.format` (the version of this layout, `1`), `lamella.spec` (the net as
/// [SpecJson] writes it) and `lamella.input` (the shape of one input, `[1, 28, 28]`), besides what
/// the caller adds.
///
/// ## Errors
/// [ModelFileException] if a file is damaged or does not fit the model; [UncheckedIOException] if
/// it cannot be read or written. Each is one line.
public final class ModelFile {
    private static final String FORMAT = "lamella.format";
    private static final String SPEC = "lamella.spec";
    private static final String INPUT = "lamella.input";
    private static final String VERSION = "1";

    private final SafeTensors tensors;

    private ModelFile(SafeTensors tensors) {
        this.tensors = tensors;
    }

    /// Checks that [#save] could write a file, without creating or changing anything: its folder
    /// exists and can be written, and the path is no folder and no read-only file.
    ///
    /// @throws UncheckedIOException if it could not
    public static void requireWritable(Path file) {
        AtomicFile.requireWritable("model file", file);
    }

    /// Writes a model: its recipe, parameters and buffers.
    ///
    /// The file appears as a whole or not at all; on a failure an older one stays as it was.
    ///
    /// @param file where to
    /// @param model what is saved
    /// @param catalog the kinds of layers that the recipe is written with
    /// @param more further state to save, such as an optimizer's
    /// @param metadata texts to save, under any keys but the three of this format
    /// @throws IllegalArgumentException if a layer is of no known kind, two tensors have one path,
    ///     or a metadata key is taken
    /// @throws UncheckedIOException if writing fails
    public static void save(
            Path file, Model model, LayerCatalog catalog, List<Parameter> more, Map<String, String> metadata) {
        var texts = new TreeMap<String, String>();
        texts.put(SPEC, Json.text(catalog.write(model.spec())));
        texts.put(INPUT, model.input().toString());
        var state = new ArrayList<>(model.state());
        state.addAll(more);
        write(file, state, texts, metadata);
    }

    /// Writes the parameters of a model that is no [Model], such as one with two inputs. Read it
    /// back with [#restore].
    ///
    /// @throws IllegalArgumentException if two tensors have one path, or a metadata key is taken
    /// @throws UncheckedIOException if writing fails
    public static void save(Path file, List<Parameter> state, Map<String, String> metadata) {
        write(file, state, new TreeMap<>(), metadata);
    }

    private static void write(
            Path file, List<Parameter> state, TreeMap<String, String> texts, Map<String, String> metadata) {
        texts.put(FORMAT, VERSION);
        metadata.forEach(
                (key, text) -> {
                    if (Set.of(FORMAT, SPEC, INPUT).contains(key)) {
                        throw new IllegalArgumentException(
                                "model file: metadata key '" + key + "' is taken by the format");
                    }
                    texts.put(key, text);
                });
        var values = new LinkedHashMap<String, Tensor>();
        for (Parameter parameter : state) {
            if (values.put(parameter.path(), parameter.value()) != null) {
                throw new IllegalArgumentException("model file: two parameters have the path " + parameter.path());
            }
        }
        SafeTensors.write(file, values, texts);
    }

    /// Opens a file and checks its structure; no elements are read yet.
    public static ModelFile open(Path file) {
        SafeTensors tensors = SafeTensors.open(file);
        String format = tensors.metadata().get(FORMAT);
        if (format == null) {
            throw new ModelFileException("checkpoint: " + file + ": no model file; its metadata has no " + FORMAT);
        }
        if (!format.equals(VERSION)) {
            throw new ModelFileException(
                    "checkpoint: %s: %s is '%s', but only '%s' can be read"
                            .formatted(file, FORMAT, Shown.name(format), VERSION));
        }
        return new ModelFile(tensors);
    }

    /// Returns the tensors in the file.
    public SafeTensors tensors() {
        return tensors;
    }

    /// Returns all texts, those of the format included.
    public Map<String, String> metadata() {
        return tensors.metadata();
    }

    /// Returns the recipe of the net.
    ///
    /// @throws ModelFileException if the file holds none, or one that the catalog cannot read
    public LayerSpec spec(LayerCatalog catalog) {
        return SpecJson.parse(where(SPEC), text(SPEC), catalog);
    }

    /// Returns the shape of one input of the net, without the batch axis.
    ///
    /// @throws ModelFileException if the file holds none
    public Shape input() {
        String text = text(INPUT);
        if (!(Json.tree(where(INPUT), text) instanceof List<?> list)
                || !list.stream().allMatch(Integer.class::isInstance)) {
            throw new ModelFileException(where(INPUT) + " must be a list of extents, got " + Shown.name(text));
        }
        try {
            return Shape.of(list.stream().mapToInt(extent -> (Integer) extent).toArray());
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(where(INPUT) + ": " + Shown.line(e.getMessage()), e);
        }
    }

    /// Builds the net and restores its state.
    ///
    /// @throws ModelFileException if recipe, input shape and tensors do not fit each other; this is
    ///     found out on shapes alone, before memory is allocated for parameters
    public Model model(LayerCatalog catalog, Backend backend) {
        LayerSpec spec = spec(catalog);
        Shape input = input();
        match(build(spec, input, MetaBackend.create()).state());
        Model model = build(spec, input, backend);
        restore(model.state());
        return model;
    }

    private Model build(LayerSpec spec, Shape input, Backend backend) {
        try {
            return Model.blank(spec, input, backend);
        } catch (ShapeException e) {
            throw new ModelFileException(where(SPEC) + ": " + Shown.line(e.relation()), e);
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(where(SPEC) + ": " + Shown.line(e.getMessage()), e);
        }
    }

    /// Copies tensors from the file into parameters of the same path.
    ///
    /// Every parameter must be in the file with its shape. The other way round, each tensor of the
    /// file must have its parameter if its path begins like one of these (up to the first dot): a
    /// model can be restored without the optimizer's state beside it, but not in part.
    ///
    /// @throws ModelFileException if they do not match; then no parameter has changed
    public void restore(List<Parameter> parameters) {
        Map<String, SafeTensors.Entry> entries = match(parameters);
        try (DataReader in = tensors.reopen()) {
            for (Parameter parameter : parameters) {
                SafeTensors.Entry entry = entries.get(parameter.path());
                long place = tensors.dataStart() + entry.start();
                float[] elements = in.floats(place, entry.shape().size());
                Tensor value = parameter.value();
                value.backend().upload(elements, 0, value.view());
            }
        } catch (IOException e) {
            throw tensors.unreadable(e);
        }
    }

    private Map<String, SafeTensors.Entry> match(List<Parameter> parameters) {
        var entries = new HashMap<String, SafeTensors.Entry>();
        tensors.tensors().forEach(entry -> entries.put(entry.name(), entry));
        requireNone(
                parameters.stream().map(Parameter::path).filter(path -> !entries.containsKey(path)).toList(),
                "in the model but not in the file");
        Set<String> paths = parameters.stream().map(Parameter::path).collect(Collectors.toSet());
        Set<String> roots = paths.stream().map(ModelFile::root).collect(Collectors.toSet());
        requireNone(
                tensors.tensors().stream()
                        .map(SafeTensors.Entry::name)
                        .filter(name -> roots.contains(root(name)) && !paths.contains(name))
                        .toList(),
                "in the file but not in the model");
        parameters.forEach(parameter -> requireFits(entries.get(parameter.path()), parameter));
        return entries;
    }

    private static String root(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }

    private static void requireNone(List<String> names, String relation) {
        if (!names.isEmpty()) {
            String verb = names.size() == 1 ? " is " : " are ";
            throw new ModelFileException("checkpoint: " + Shown.names(names) + verb + relation);
        }
    }

    private static void requireFits(SafeTensors.Entry entry, Parameter parameter) {
        if (entry.type() != DType.FLOAT32) {
            throw new ModelFileException(
                    "checkpoint: %s is %s in the file but F32 in the model"
                            .formatted(entry.name(), Header.name(entry.type())));
        }
        if (!entry.shape().equals(parameter.shape())) {
            throw new ModelFileException(
                    "checkpoint: %s is %s in the file but %s in the model"
                            .formatted(entry.name(), entry.shape(), parameter.shape()));
        }
    }

    private String text(String key) {
        String text = metadata().get(key);
        if (text == null) {
            throw new ModelFileException(
                    "checkpoint: " + tensors.file() + ": holds no net; its metadata has no " + key);
        }
        return text;
    }

    private String where(String key) {
        return "checkpoint: " + tensors.file() + ": " + key;
    }
}
