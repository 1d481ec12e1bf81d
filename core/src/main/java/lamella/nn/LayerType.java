package lamella.nn;

import java.util.function.BiConsumer;
import java.util.function.Function;

/// A kind of layer as model files know it: a name, and how its spec is read from and written to
/// fields.
///
/// {@snippet :
/// LayerType<Dense> type =
///         LayerType.of(
///                 "dense",
///                 Dense.class,
///                 fields -> new Dense(fields.integer("units"), fields.flag("bias", true)),
///                 (dense, out) -> out.put("units", dense.units()).put("bias", dense.bias()));
/// }
///
/// @param <S> the spec
/// @param name the name in model files, such as `conv2d`
/// @param spec the spec's class
/// @param reader makes a spec from fields
/// @param writer writes a spec to fields
public record LayerType<S extends LayerSpec>(
        String name, Class<S> spec, Function<Fields, S> reader, BiConsumer<S, Fields.Writer> writer) {

    /// Returns a kind of layer.
    public static <S extends LayerSpec> LayerType<S> of(
            String name, Class<S> spec, Function<Fields, S> reader, BiConsumer<S, Fields.Writer> writer) {
        return new LayerType<>(name, spec, reader, writer);
    }

    void write(LayerSpec layer, Fields.Writer out) {
        writer.accept(spec.cast(layer), out);
    }
}
