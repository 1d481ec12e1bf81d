package lamella.backend;

import java.util.List;

/// Rearrangements of elements; float32 or int32.
public interface LayoutKernels {
    /// Reorders the axes: axis i of `out` is axis `order[i]` of x.
    void permute(View x, int[] order, View out);

    /// Repeats x along the axes in which it has extent 1 (or lacks), to the shape of `out`.
    void broadcast(View x, View out);

    /// Cuts a box out of x: it begins at `start` (one index per axis) and has the shape of `out`.
    void slice(View x, int[] start, View out);

    /// Puts x into a larger array at `start`, with `value` (int32: rounded) around it; the
    /// counterpart of [#slice].
    void pad(View x, int[] start, float value, View out);

    /// Joins arrays along `axis`.
    void concatenate(List<View> parts, int axis, View out);

    /// Reverses the order along `axis`.
    void reverse(View x, int axis, View out);
}
