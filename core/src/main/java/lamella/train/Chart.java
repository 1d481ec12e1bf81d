package lamella.train;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// Curves over epochs, as a drawing inside a page (SVG). Colours come from the page's style.
///
/// @param title what the vertical axis shows
/// @param curves in the order of the legend
/// @param figure how a value is written
record Chart(String title, List<Curve> curves, DoubleFunction<String> figure) {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 300;
    private static final int LEFT = 58;
    private static final int RIGHT = 16;
    private static final int TOP = 40;
    private static final int BOTTOM = 44;

    /// Above this number of points, points are drawn as a line alone.
    private static final int DOTS = 40;

    /// @param name what the legend says
    /// @param style the class of its colour
    /// @param points in the order of their epochs
    record Curve(String name, String style, List<Point> points) {}

    record Point(int epoch, double value) {}

    /// Returns the drawing, or an empty string where there is nothing to draw.
    String toSvg() {
        List<Curve> drawn = curves.stream().filter(c -> !c.points().isEmpty()).toList();
        if (drawn.isEmpty()) {
            return "";
        }
        List<Point> all = drawn.stream().flatMap(c -> c.points().stream()).toList();
        var across =
                Axis.whole(
                        all.stream().mapToInt(Point::epoch).min().orElseThrow(),
                        all.stream().mapToInt(Point::epoch).max().orElseThrow());
        var up =
                Axis.of(
                        all.stream().mapToDouble(Point::value).min().orElseThrow(),
                        all.stream().mapToDouble(Point::value).max().orElseThrow());
        var svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\"" + " aria-label=\"%s by epoch\">\n",
                        WIDTH,
                        HEIGHT,
                        Html.escape(title)));
        svg.append("<text class=\"title\" x=\"0\" y=\"16\">%s</text>\n".formatted(Html.escape(title)));
        horizontals(svg, up);
        epochs(svg, across);
        drawn.forEach(curve -> draw(svg, curve, across, up));
        legend(svg, drawn);
        return svg.append("</svg>\n").toString();
    }

    private void horizontals(StringBuilder svg, Axis up) {
        for (double tick : up.ticks()) {
            double y = y(up, tick);
            svg.append(line("grid", LEFT, y, WIDTH - RIGHT, y));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text class=\"tick\" x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>\n",
                            LEFT - 8,
                            at(y + 4),
                            Html.escape(figure.apply(tick))));
        }
    }

    private static void epochs(StringBuilder svg, Axis across) {
        int bottom = HEIGHT - BOTTOM;
        svg.append(line("axis", LEFT, bottom, WIDTH - RIGHT, bottom));
        for (double tick : across.ticks()) {
            double x = x(across, tick);
            svg.append(line("axis", x, bottom, x, bottom + 5));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text class=\"tick\" x=\"%s\" y=\"%d\" text-anchor=\"middle\">%d</text>\n",
                            at(x),
                            bottom + 19,
                            Math.round(tick)));
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch</text>\n",
                        (LEFT + WIDTH - RIGHT) / 2,
                        HEIGHT - 6));
    }

    private void draw(StringBuilder svg, Curve curve, Axis across, Axis up) {
        svg.append("<polyline class=\"curve %s\" points=\"".formatted(curve.style()));
        for (Point point : curve.points()) {
            svg.append(at(x(across, point.epoch()))).append(',');
            svg.append(at(y(up, point.value()))).append(' ');
        }
        svg.append("\"/>\n");
        if (curve.points().size() > DOTS) {
            return;
        }
        for (Point point : curve.points()) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<circle class=\"dot %s\" cx=\"%s\" cy=\"%s\" r=\"3\">"
                                    + "<title>epoch %d: %s</title></circle>\n",
                            curve.style(),
                            at(x(across, point.epoch())),
                            at(y(up, point.value())),
                            point.epoch(),
                            Html.escape(figure.apply(point.value()))));
        }
    }

    /// Names at the right of the title line, the last value beside each.
    private void legend(StringBuilder svg, List<Curve> drawn) {
        int x = WIDTH - RIGHT;
        for (Curve curve : drawn.reversed()) {
            String text = curve.name() + " " + figure.apply(curve.points().getLast().value());
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text class=\"legend\" x=\"%d\" y=\"16\" text-anchor=\"end\">%s</text>\n",
                            x,
                            Html.escape(text)));
            x -= 7 * text.length() + 8;
            svg.append(line("curve " + curve.style(), x - 18, 12, x, 12));
            x -= 34;
        }
    }

    private static double x(Axis across, double epoch) {
        return LEFT + 10 + across.position(epoch) * (WIDTH - RIGHT - LEFT - 20);
    }

    private static double y(Axis up, double value) {
        return HEIGHT - BOTTOM - up.position(value) * (HEIGHT - BOTTOM - TOP);
    }

    private static String line(String style, double x1, double y1, double x2, double y2) {
        return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
                .formatted(style, at(x1), at(y1), at(x2), at(y2));
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
