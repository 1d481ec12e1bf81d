package lamella.array;

import java.util.ArrayList;
import java.util.List;

/// Shapes that do not fit: what relation is broken, with its numbers, then the operands.
///
/// ```
/// conv2d: input has 3 channels but the weight expects 4 (= 2 x 2 groups)
///   input    [2, 3, 7, 5]       (N, C, H, W)
///   weight   [6, 2, 3, 3]       (out, in/groups, kH, kW)  lenet.conv1.weight
///   at lenet.conv1 = conv2d(6, 3)
/// ```
///
/// The first line alone is enough in a log; [#relation()] returns it.
public final class ShapeException extends IllegalArgumentException {
    private final transient String relation;
    private final transient List<String> operands;
    private final transient String place;

    private ShapeException(String relation, List<String> operands, String place, Throwable cause) {
        super(render(relation, operands, place), cause);
        this.relation = relation;
        this.operands = operands;
        this.place = place;
    }

    /// Returns an exception with the first line `op: relation`.
    public static ShapeException of(String op, String relation) {
        return new ShapeException(op + ": " + relation, List.of(), "", null);
    }

    /// Returns this exception with one line more for an operand.
    ///
    /// @param role what the operand is to the op, such as `weight`
    /// @param shape its shape
    /// @param axes what its axes mean, such as `N, C, H, W`; may be empty
    /// @param label the name that the user gave it, such as a parameter's path; may be empty
    public ShapeException operand(String role, Shape shape, String axes, String label) {
        var more = new ArrayList<>(operands);
        String meaning = axes.isEmpty() ? "" : "(" + axes + ")";
        more.add(
                "%-8s %-18s %s%s".formatted(role, shape, meaning, label.isEmpty() ? "" : "  " + label).stripTrailing());
        return located(more, place);
    }

    /// Returns this exception with the place in the model where it arose, such as
    /// `lenet.conv1 = conv2d(6, 5)`; a place that is already known stays.
    public ShapeException at(String where) {
        return place.isEmpty() ? located(operands, where) : this;
    }

    private ShapeException located(List<String> operands, String place) {
        var copy = new ShapeException(relation, List.copyOf(operands), place, getCause());
        copy.setStackTrace(getStackTrace());
        return copy;
    }

    /// Returns the first line: the op and the broken relation.
    public String relation() {
        return relation;
    }

    /// Returns the place in the model, or an empty string where none is known.
    public String place() {
        return place;
    }

    private static String render(String relation, List<String> operands, String place) {
        var text = new StringBuilder(relation);
        operands.forEach(line -> text.append("\n  ").append(line));
        if (!place.isEmpty()) {
            text.append("\n  at ").append(place);
        }
        return text.toString();
    }
}
