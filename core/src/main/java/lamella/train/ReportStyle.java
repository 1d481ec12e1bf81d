package lamella.train;

/// How a report looks, in light and in dark surroundings.
final class ReportStyle {
    static final String CSS =
            """
            :root {
              color-scheme: light dark;
              --page: #f6f7f9; --card: #ffffff; --text: #1c2430;
              --faint: #5d6878; --line: #dfe3ea;
              --train: #2563eb; --validation: #d9730d; --right: 37 99 235; --wrong: 220 38 38;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --page: #14171c; --card: #1d2229; --text: #e4e8ee;
                --faint: #98a3b3; --line: #333b46;
                --train: #6ea1ff; --validation: #f2a65a; --right: 80 140 255; --wrong: 255 90 90;
              }
            }
            * { box-sizing: border-box; }
            body {
              margin: 0; background: var(--page); color: var(--text);
              font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
            }
            main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
            h1 { font-size: 28px; line-height: 1.2; margin: 0 0 20px; overflow-wrap: anywhere; }
            h2 { font-size: 17px; margin: 0 0 14px; }
            section {
              background: var(--card); border: 1px solid var(--line); border-radius: 10px;
              padding: 20px; margin-top: 20px;
            }
            section > :last-child { margin-bottom: 0; }
            .tiles {
              display: grid; gap: 14px;
              grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
            }
            .tile {
              background: var(--card); border: 1px solid var(--line); border-radius: 10px;
              padding: 12px 16px;
            }
            .tile b { display: block; font-size: 23px; font-weight: 600; }
            .tile span, .note { color: var(--faint); font-size: 13px; }
            .charts {
              display: grid; gap: 24px;
              grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
            }
            .chart { width: 100%; height: auto; display: block; }
            .chart text { fill: var(--text); font-family: inherit; }
            .chart .title { font-size: 15px; font-weight: 600; }
            .chart .legend { font-size: 13px; }
            .chart .tick { font-size: 12px; fill: var(--faint); }
            .chart .grid { stroke: var(--line); }
            .chart .axis { stroke: var(--faint); }
            .chart .curve {
              fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round;
            }
            .chart .curve.train { stroke: var(--train); }
            .chart .curve.validation { stroke: var(--validation); }
            .chart .dot.train { fill: var(--train); }
            .chart .dot.validation { fill: var(--validation); }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: 5px 12px; text-align: right; white-space: nowrap; }
            thead th { color: var(--faint); font-weight: 500; font-size: 13px; }
            .rows { width: 100%; }
            .rows td, .rows tbody th { border-top: 1px solid var(--line); font-weight: 400; }
            .settings th {
              text-align: left; color: var(--faint); font-weight: 400; vertical-align: top;
            }
            .settings th:first-child, .rows th:first-child { padding-left: 0; }
            .settings td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
            .confusion td {
              text-align: center; min-width: 54px; padding: 6px; border: 2px solid var(--card);
            }
            .confusion th:first-child { padding-left: 0; }
            .confusion th { padding: 5px 10px; text-align: center; font-weight: 500; }
            .confusion tbody th { text-align: right; }
            .confusion .figure { color: var(--faint); text-align: right; padding-left: 16px; }
            .pictures {
              display: grid; gap: 14px;
              grid-template-columns: repeat(auto-fill, minmax(92px, 1fr));
            }
            figure { margin: 0; text-align: center; font-size: 13px; line-height: 1.35; }
            figure img {
              width: 100%; border: 1px solid var(--line); border-radius: 6px;
              image-rendering: pixelated; display: block; margin-bottom: 5px;
            }
            figure .wrong, article .wrong { color: rgb(var(--wrong)); font-weight: 600; }
            article { border-top: 1px solid var(--line); padding: 10px 0; }
            article h3 { font-size: 13px; font-weight: 500; margin: 0 0 4px; }
            article p, article summary { margin: 0; white-space: pre-line; overflow-wrap: anywhere; }
            article details p { margin-top: 8px; color: var(--faint); }
            .caption { display: grid; grid-template-columns: 132px 1fr; gap: 16px; }
            .caption h3 { font-size: 15px; font-weight: 600; }
            .seen {
              background: var(--seen) center / 100% 100%; aspect-ratio: var(--ratio); isolation: isolate;
              border-radius: 6px; overflow: hidden; align-self: start; print-color-adjust: exact;
            }
            .looks {
              display: grid; gap: 10px; margin-top: 10px;
              grid-template-columns: repeat(auto-fill, minmax(76px, 1fr));
            }
            .looks img {
              height: 100%; margin: 0; border: 0; border-radius: 0;
              image-rendering: auto; mix-blend-mode: multiply;
            }
            @media print {
              body { background: none; }
              section, .tile { break-inside: avoid; }
            }
            """;

    private ReportStyle() {}
}
