package lamella.app.captioning.data;

/// A data set of pictures with captions.
public interface CaptionData {
    /// Returns what it is called, for messages and reports.
    String name();

    /// Returns the examples to learn from.
    Part train();

    /// Returns the examples to choose the best epoch by; there may be none.
    Part validation();

    /// Returns examples to test with.
    ///
    /// @param split which ones: `comp-test`
    /// @throws IllegalArgumentException if there are none of this name; the message lists those that there are
    Part test(String split);
}
