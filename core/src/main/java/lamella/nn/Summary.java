package lamella.nn;

import lamella.array.Shape;
import lamella.tensor.Parameter;

import java.util.List;
import java.util.Locale;

/// What a model consists of: one row for each layer, with shapes, parameters and cost.
///
/// @param input the shape of one example
/// @param rows the layers in the order in which they run
/// @param parameters trainable numbers in all
public record Summary(Shape input, List<Row> rows, long parameters) {
    /// One layer.
    ///
    /// @param path its path in the model
    /// @param spec its recipe
    /// @param output the shape of its output for one example
    /// @param state its parameters and buffers
    /// @param multiplyAdds multiply-adds for one example
    public record Row(String path, String spec, Shape output, List<Parameter> state, long multiplyAdds) {
        /// Returns the number of trainable numbers.
        public long parameters() {
            return state.stream().filter(Parameter::trainable).mapToLong(p -> p.shape().size()).sum();
        }
    }

    /// Returns the bytes of all outputs for one example.
    public long activationBytes() {
        return rows.stream().mapToLong(row -> 4L * row.output().size()).sum();
    }

    /// Returns the multiply-adds of all layers for one example.
    public long multiplyAdds() {
        return rows.stream().mapToLong(Row::multiplyAdds).sum();
    }

    /// Returns a table.
    @Override
    public String toString() {
        int path = rows.stream().mapToInt(r -> r.path().length()).max().orElse(0);
        int spec = rows.stream().mapToInt(r -> r.spec().length()).max().orElse(0);
        path = Math.max(path, 5);
        spec = Math.max(spec, 4);
        String line = "%-" + path + "s  %-" + spec + "s  %-16s %12s %14s%n";
        var text = new StringBuilder();
        text.append(line.formatted("layer", "spec", "output", "parameters", "multiply-adds"));
        text.append(line.formatted("input", "", input, "", ""));
        for (Row row : rows) {
            text.append(
                    line.formatted(
                            row.path(),
                            row.spec(),
                            row.output(),
                            grouped(row.parameters()),
                            grouped(row.multiplyAdds())));
        }
        text.append(
                "total: %s parameters, %s multiply-adds and %s bytes of activations per example"
                        .formatted(grouped(parameters), grouped(multiplyAdds()), grouped(activationBytes())));
        return text.toString();
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
