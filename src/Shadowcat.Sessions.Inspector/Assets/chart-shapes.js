/** Charts as plain SVG. Each says in words what it shows; the numbers themselves stand in tables beside. */
import { svg } from "./dom.js";

const CHART_WIDTH = 600;
const CHART_HEIGHT = 120;

/** Bars of two parts, one on the other: client below, server above. */
export function stackedBars(columns, label) {
  const most = Math.max(1e-9, ...columns.map((column) => column.client + column.server));
  const step = CHART_WIDTH / columns.length;
  const width = Math.max(0.5, step - (columns.length > 60 ? 0.5 : 4));
  const bars = columns.flatMap((column, index) => {
    const client = (column.client / most) * CHART_HEIGHT;
    const server = (column.server / most) * CHART_HEIGHT;
    return [
      client > 0 && svg("rect", { class: "fill-client", x: index * step, y: CHART_HEIGHT - client, width, height: client }),
      server > 0 && svg("rect", { class: "fill-server", x: index * step, y: CHART_HEIGHT - client - server, width, height: server }),
    ];
  });
  return svg("svg", { class: "chart", viewBox: `0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label }, gridLines(), bars);
}

/** A box from p50 to p95 and a line to the longest, on a scale of powers of ten; a dot where all took the same. */
export function rangeBar({ p50, p95, most }, scale, label) {
  const place = (value) => Math.max(0, Math.min(200, (Math.log10(Math.max(value, scale.least)) - Math.log10(scale.least)) / (Math.log10(scale.most) - Math.log10(scale.least)) * 200));
  const shapes = p50 === most
    ? [svg("ellipse", { class: "range-box", cx: Math.max(3, Math.min(197, place(most))), cy: 6, rx: 3, ry: 4 })]
    : [
      svg("line", { class: "range-line", x1: place(p50), x2: Math.max(place(most), place(p50) + 1), y1: 6, y2: 6 }),
      svg("rect", { class: "range-box", x: place(p50), y: 3, width: Math.max(2, place(p95) - place(p50)), height: 6 }),
      svg("rect", { class: "range-mark", x: Math.min(198, place(most)), y: 1, width: 2, height: 10 }),
    ];
  return svg("svg", { class: "range", viewBox: "0 0 200 12", preserveAspectRatio: "none", role: "img", "aria-label": label }, shapes);
}

/** A share of a whole, with a part of it in red. */
export function shareBar(share, badShare, label) {
  return svg("svg", { class: "share", viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": label },
    svg("rect", { class: "fill-client", x: 0, y: 0, width: Math.max(0.5, share * 100), height: 10 }),
    badShare > 0 && svg("rect", { class: "fill-bad", x: 0, y: 0, width: Math.max(1, badShare * 100), height: 10 }));
}

function gridLines() {
  return [0.25, 0.5, 0.75].map((part) => svg("line", { class: "grid-line", x1: 0, x2: CHART_WIDTH, y1: CHART_HEIGHT * part, y2: CHART_HEIGHT * part }));
}
