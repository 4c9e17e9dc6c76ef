/** Two sessions side by side: their calls aligned, what differs marked, and the messages of a row line by line. */
import { compareCalls, comparedCalls } from "./compare-model.js";
import { MessageComparison } from "./message-comparison.js";
import { SessionFeed } from "./session-feed.js";
import { ServedSession } from "./sources.js";
import { VirtualList } from "./virtual-list.js";
import { button, el, replaceChildren, setText } from "./dom.js";
import { FROM } from "./frame-chunk.js";
import { notice, problemNotice } from "./notices.js";
import { peerText, shortId, statusOf } from "./peers.js";
import { writeRoute } from "./routes.js";
import { countText, durationText, momentText, sizeText } from "./units.js";
import { visible } from "./visible.js";

const COMPARE_ROW = 44;
const RETRY_COMPARISON_MS = 3000;
const SIDES = ["left", "right"];

export class CompareView {
  constructor(context, route) {
    Object.assign(this, { context, route, rows: [], shown: [], retries: {} });
    this.heads = { left: el("div", { class: "compare-head" }), right: el("div", { class: "compare-head" }) };
    this.summary = el("p", { class: "list-note", role: "status", text: "Loading both sessions…" });
    this.only = el("input", { type: "checkbox", onchange: () => this.lay() });
    this.list = new VirtualList({ label: "Calls of both sessions", rowHeight: COMPARE_ROW, createRow: () => this.createRow(), fillRow: (row, index) => this.fillRow(row, index), onOpen: (index) => this.open(index), onMove: (index) => this.comparison.isOpen && this.open(index) });
    this.comparison = new MessageComparison(new ServedSession(route.id), new ServedSession(route.other), () => this.close());
    this.box = el("div", { class: "list-box" }, this.list.element);
    this.body = el("div", { class: "split" }, this.box, this.comparison.element);
    this.element = el("div", { class: "view compare" }, el("h1", { class: "unseen", text: "Compare two sessions" }),
      el("div", { class: "compare-heads" }, this.heads.left, this.heads.right),
      el("div", { class: "toolbar" }, el("label", { class: "check" }, this.only, "Only what differs"), button("Swap", () => context.go({ ...this.route, id: this.route.other, other: this.route.id })), this.summary),
      this.body);
    this.feeds = { left: this.feed("left", route.id), right: this.feed("right", route.other) };
    context.title("Compare");
  }

  update(route) {
    this.route = route;
  }

  dispose() {
    SIDES.forEach((side) => {
      clearTimeout(this.retries[side]);
      this.feeds[side].close();
    });
    this.list.dispose();
    this.comparison.dispose();
  }

  focusList() {
    this.list.element.focus({ preventScroll: true });
  }

  key(event) {
    if (event.key === "Escape" && this.comparison.isOpen) {
      this.close();
      return true;
    }

    return false;
  }

  feed(side, id) {
    // What is compared stands still: a session that goes on is compared as it is now.
    const source = Object.assign(new ServedSession(id), { canFollow: false });
    const feed = new SessionFeed(source, {
      onSession: (session) => this.showHead(side, session),
      onFrames: () => this.ready(),
      onProblem: (problem) => this.failed(side, feed, problem),
    });
    feed.open();
    return feed;
  }

  /** What may pass is tried again; else one session is missing, and there is nothing to compare. */
  failed(side, feed, problem) {
    if (problem.isPassing && feed.session === null) {
      setText(this.summary, `${problem.title}. The page tries again by itself.`);
      this.retries[side] = setTimeout(() => feed.open(), RETRY_COMPARISON_MS);
    } else {
      replaceChildren(this.body, problemNotice(problem, () => feed.open()));
    }
  }

  showHead(side, session) {
    const status = statusOf(session);
    replaceChildren(this.heads[side],
      el("a", { href: writeRoute({ view: "session", id: session.id }) }, el("bdi", { text: `${peerText(session.client)} → ${peerText(session.server)}` })),
      el("span", {}, el("span", { class: `chip status ${status.kind}`, text: status.name }), el("code", { text: shortId(session.id) }), el("span", { class: "soft", text: ` ${momentText(Date.parse(session.createdAt))}, ${countText(session.frames)} frames` })));
  }

  /** Compares once both are here. */
  ready() {
    const feeds = SIDES.map((side) => this.feeds?.[side]);
    if (feeds.some((feed) => !feed || feed.session === null || feed.model.isLoading)) {
      return;
    }

    this.rows = compareCalls(comparedCalls(feeds[0].model), comparedCalls(feeds[1].model));
    const counts = { same: 0, changed: 0, left: 0, right: 0 };
    this.rows.forEach((row) => counts[row.state]++);
    setText(this.summary, `${countText(counts.same)} alike, ${countText(counts.changed)} differ, ${countText(counts.left)} only left, ${countText(counts.right)} only right`);
    this.lay();
  }

  lay() {
    this.shown = this.only.checked ? this.rows.filter((row) => row.state !== "same") : this.rows;
    this.list.setCount(this.shown.length);
    this.empty?.remove();
    if (this.shown.length === 0) {
      this.empty = el("div", { class: "list-empty" }, this.rows.length === 0 ? notice("Nothing to compare", "Neither session has a call so far.") : notice("Nothing differs", "The calls of both sessions are the same in method, name, outcome, size, and roughly in time."));
      this.box.append(this.empty);
    }
  }

  createRow() {
    const row = el("div", { class: "compare-row" });
    row.cells = Object.fromEntries(SIDES.map((side) => {
      const parts = { main: el("bdi", { class: "main" }), facts: el("span", { class: "soft facts-line" }) };
      const cell = el("div", { class: `cell ${side}`, role: "gridcell" }, parts.main, parts.facts);
      row.append(cell);
      return [side, { cell, ...parts }];
    }));
    row.mark = el("span", { class: "cell compare-mark", role: "gridcell" });
    row.insertBefore(row.mark, row.lastChild);
    return row;
  }

  fillRow(row, index) {
    const compared = this.shown[index];
    row.className = `list-row compare-row ${compared.state}${row.classList.contains("current-row") ? " current-row" : ""}`;
    setText(row.mark, { same: "=", changed: "≠", left: "−", right: "+" }[compared.state]);
    row.mark.title = { same: "alike", changed: `differs in ${compared.differences.join(", ")}`, left: "only left", right: "only right" }[compared.state];
    row.mark.setAttribute("aria-label", row.mark.title);
    for (const side of SIDES) {
      const call = compared[side];
      const { cell, main, facts } = row.cells[side];
      cell.classList.toggle("bad", call?.isBad ?? false);
      setText(main, call === null ? "" : `${call.from === FROM.server ? "← " : "→ "}${visible(call.text, 200) || call.kindName}`);
      setText(facts, call === null ? "" : [`#${call.sequence}`, call.outcome, Number.isNaN(call.duration) ? "" : durationText(call.duration), `${sizeText(call.size)}${call.answer === null ? "" : ` / ${sizeText(call.answerSize)}`}`].filter(Boolean).join(" · "));
    }
  }

  open(index) {
    const { left, right } = this.shown[index];
    this.body.classList.add("with-panel");
    this.comparison.show(left, right);
  }

  close() {
    this.comparison.close();
    this.body.classList.remove("with-panel");
    this.focusList();
  }
}
