package lamella.app.captioning.data;

import lamella.array.Shape;

import java.util.List;

/// Some examples of a data set.
///
/// @param name what they are called: `train`, `comp-test`
/// @param picture the shape of every picture, `[channels, H, W]`
/// @param examples the examples
public record Part(String name, Shape picture, List<Captioned> examples) {
    /// Copies the list.
    public Part {
        examples = List.copyOf(examples);
    }

    /// Returns the number of examples.
    public int size() {
        return examples.size();
    }
}
