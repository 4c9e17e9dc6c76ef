/** The charts of a session, of the frames that its filter selects. They are made anew while frames come, at most every two seconds. */
import { rangeBar, shareBar, stackedBars } from "./chart-shapes.js";
import { el, replaceChildren } from "./dom.js";
import { notice } from "./notices.js";
import { nextTurn, sliceDeadline } from "./scheduling.js";
import { FrameStatistics, timeSlots } from "./statistics.js";
import { clockText, countText, durationText, sizeText } from "./units.js";
import { visible } from "./visible.js";

const RENEW_MS = 2000;
const SOON_MS = 200;
const TIME_SLOTS = 120;
const MOST_ROWS = 30;

export class ChartsPart {
  constructor(model, linkOf) {
    Object.assign(this, { model, linkOf });
    this.element = el("div", { class: "charts", hidden: true, tabindex: "0", role: "region", "aria-label": "Charts" });
    this.running = 0;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Computes for a filter, and again while frames come. */
  open(test) {
    this.close();
    this.element.hidden = false;
    this.test = test;
    this.revision = -1;
    this.turn();
  }

  close() {
    clearTimeout(this.running);
    this.statistics = null;
    this.drawn = null;
    this.element.hidden = true;
  }

  turn() {
    let wait = SOON_MS;
    if (this.model.revision > 0 && (this.revision !== this.model.revision || this.statistics !== null)) {
      this.statistics ??= new FrameStatistics(this.model, this.test);
      wait = 0;
      if (this.statistics.advance(sliceDeadline())) {
        this.draw(this.statistics);
        this.revision = this.statistics.revision;
        wait = this.statistics.frames === 0 || this.model.isLoading ? SOON_MS : RENEW_MS;
        this.statistics = null;
      }
    }

    this.running = setTimeout(() => this.turn(), wait);
  }

  /** Makes one chart after the other, so that none holds the page, and shows them together. */
  async draw(statistics) {
    this.drawn = statistics;
    const charts = statistics.frames === 0
      ? [() => notice("Nothing to be charted", "No frame matches the filter, or there are none yet.")]
      : [() => this.numbers(statistics), () => this.rate(statistics), () => this.sizes(statistics), () => this.groups("Methods", statistics.methods), () => this.groups("Tools, prompts and resources", statistics.tools), () => this.slowest(statistics)];
    const made = [];
    for (const make of charts) {
      made.push(make());
      await nextTurn();
    }

    if (this.drawn === statistics) {
      const scroll = this.element.scrollTop;
      replaceChildren(this.element, made);
      this.element.scrollTop = scroll;
    }
  }

  numbers(statistics) {
    const calls = [...statistics.methods.values()].reduce((sum, group) => sum + group.calls, 0);
    const share = calls === 0 ? "" : ` (${Math.round((statistics.errors / calls) * 1000) / 10} %)`;
    const numbers = [["Frames", countText(statistics.frames)], ["Calls", countText(calls)], ["Errors", countText(statistics.errors) + share], ["Over", durationText(statistics.last - statistics.first)], ["Payloads", sizeText(statistics.bytes)]];
    return el("dl", { class: "numbers" }, numbers.map(([name, value]) => el("div", { class: name === "Errors" && statistics.errors > 0 ? "bad" : "" }, el("dt", { text: name }), el("dd", { text: value }))));
  }

  rate(statistics) {
    const { first, last, times } = statistics;
    const seconds = Math.max(1, last - first) / TIME_SLOTS / 1000;
    const [client, server] = [timeSlots(times.client, first, last, TIME_SLOTS), timeSlots(times.server, first, last, TIME_SLOTS)];
    const columns = client.map((count, index) => ({ client: count / seconds, server: server[index] / seconds }));
    const most = Math.max(...columns.map((column) => column.client + column.server));
    const label = `Messages per second from ${clockText(first)} to ${clockText(last)}, at most ${rateText(most)}: ${countText(times.client.length)} from the client, ${countText(times.server.length)} from the server.`;
    return card("Messages per second", [chartWithAxes(stackedBars(columns, label), rateText(most), [clockText(first), clockText(last)])], legend());
  }

  sizes(statistics) {
    const most = Math.max(...statistics.sizes.map((slot) => slot.client + slot.server));
    const used = statistics.sizes.map((slot, index) => ({ ...slot, name: slot.bound === Infinity ? `> ${sizeText(statistics.sizes[index - 1].bound)}` : `≤ ${sizeText(slot.bound)}` }));
    const label = `Sizes of the payloads: ${used.filter((slot) => slot.client + slot.server > 0).map((slot) => `${slot.name}: ${slot.client + slot.server}`).join(", ")}.`;
    return card("Sizes", [chartWithAxes(stackedBars(used, label), countText(most), used.map((slot) => slot.name))], legend());
  }

  groups(title, groups) {
    if (groups.size === 0) {
      return null;
    }

    const rows = [...groups.values()].sort((one, other) => other.calls - one.calls);
    const shown = rows.slice(0, MOST_ROWS).map((group) => ({ group, percentiles: group.percentiles }));
    const longest = Math.max(1, ...shown.map((row) => row.percentiles?.most ?? 0));
    const scale = { least: Math.max(0.1, Math.min(longest / 10, ...shown.map((row) => row.percentiles?.p50 ?? Infinity)) / 2), most: longest };
    return card(title, [el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": `${title}: table` }, el("table", {},
      el("thead", {}, el("tr", {}, ["Name", "Calls", "Errors", "", "p50", "p95", "p99", "Longest", "p50 – p95 – longest"].map((name) => (name === "" ? el("td", {}) : el("th", { scope: "col", text: name }))))),
      el("tbody", {}, shown.map(({ group, percentiles }) => groupRow(group, percentiles, rows[0].calls, scale)))))],
    rows.length > MOST_ROWS && el("span", { class: "soft", text: `the ${MOST_ROWS} with most calls of ${countText(rows.length)}` }), "wide");
  }

  slowest(statistics) {
    if (statistics.slowest.length === 0) {
      return null;
    }

    const longest = statistics.slowest[0].duration || 1;
    return card("Slowest calls", [el("ol", { class: "slowest" }, statistics.slowest.map((call) => el("li", {},
      el("a", { href: this.linkOf(call.sequence) }, el("span", { class: "soft", text: `#${call.sequence} ` }), el("bdi", { text: visible(`${call.method} ${call.name}`, 120) })),
      shareBar(call.duration / longest, call.isError ? call.duration / longest : 0, `${durationText(call.duration)}${call.isError ? ", an error" : ""}`),
      el("span", { class: call.isError ? "bad" : "", text: durationText(call.duration) }))))], null, "wide");
  }
}

function groupRow(group, percentiles, mostCalls, scale) {
  const times = percentiles === null ? ["—", "—", "—", "—"] : [percentiles.p50, percentiles.p95, percentiles.p99, percentiles.most].map((value) => durationText(value));
  return el("tr", {},
    el("th", { scope: "row" }, el("bdi", { text: visible(group.name, 120) || "(no method)" })),
    el("td", { text: countText(group.calls) + (group.pending > 0 ? ` (${countText(group.pending)} open)` : "") }),
    el("td", { class: group.errors > 0 ? "bad" : "", text: countText(group.errors) }),
    el("td", {}, shareBar(group.calls / mostCalls, group.errors / mostCalls, `${group.calls} calls, ${group.errors} errors`)),
    times.map((time) => el("td", { text: time })),
    el("td", {}, percentiles !== null && rangeBar(percentiles, scale, `p50 ${times[0]}, p95 ${times[1]}, p99 ${times[2]}, longest ${times[3]}`)));
}

function card(title, content, aside = null, kind = "") {
  return el("section", { class: `card ${kind}` }, el("div", { class: "card-head" }, el("h2", { text: title }), aside), content);
}

function chartWithAxes(chart, top, bottom) {
  return el("div", { class: "chart-box" }, el("span", { class: "chart-top soft", text: top }), chart, el("div", { class: "chart-bottom soft" }, bottom.map((text) => el("span", { text }))));
}

function legend() {
  return el("span", { class: "legend" }, el("span", { class: "key-client", text: "Client" }), el("span", { class: "key-server", text: "Server" }));
}

function rateText(rate) {
  return `${rate >= 10 ? countText(Math.round(rate)) : Math.round(rate * 100) / 100}/s`;
}
