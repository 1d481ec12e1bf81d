package lamella.layers.cnn;

import lamella.nn.Fields;

/// A size for both directions of an image, such as a kernel's height and width: one number in model
/// files and in code where the two agree.
record Pair(int height, int width) {
    private static final int MISSING = Integer.MIN_VALUE;

    static Pair square(int extent) {
        return new Pair(extent, extent);
    }

    /// Reads `name`, or `nameHeight` and `nameWidth` where they differ from it.
    static Pair read(Fields fields, String name) {
        int both = fields.integer(name, MISSING);
        int height = fields.integer(name + "Height", both);
        int width = fields.integer(name + "Width", both);
        return height == MISSING || width == MISSING
                ? square(fields.integer(name)) // says that it is missing
                : new Pair(height, width);
    }

    /// Reads as [#read(Fields, String)], with `fallback` where nothing is said.
    static Pair read(Fields fields, String name, Pair fallback) {
        int both = fields.integer(name, MISSING);
        return new Pair(
                fields.integer(name + "Height", both == MISSING ? fallback.height : both),
                fields.integer(name + "Width", both == MISSING ? fallback.width : both));
    }

    void write(Fields.Writer out, String name) {
        if (height == width) {
            out.put(name, height);
        } else {
            out.put(name + "Height", height).put(name + "Width", width);
        }
    }

    /// Returns the call of a wither, `.stride(2, 1)`, or nothing where it would change nothing.
    String call(String wither, Pair usual) {
        return equals(usual) ? "" : "." + wither + "(" + this + ")";
    }

    /// Returns the arguments in code: `2`, or `2, 1`.
    @Override
    public String toString() {
        return height == width ? String.valueOf(height) : height + ", " + width;
    }
}
