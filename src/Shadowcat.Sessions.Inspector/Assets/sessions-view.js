/** The view of all sessions: search, list, selection, and what can be done with what is selected. */
import { bulkExportAddress, postJson } from "./api.js";
import { LivePill } from "./live-pill.js";
import { SearchField } from "./search-field.js";
import { SESSION_FIELDS } from "./session-fields.js";
import { SessionRows } from "./session-rows.js";
import { SessionsFeed } from "./sessions-feed.js";
import { VirtualList } from "./virtual-list.js";
import { copyAndSay, sayBriefly } from "./clipboard.js";
import { askFor } from "./dialogs.js";
import { button, el, icon, replaceChildren, setText } from "./dom.js";
import { notice, problemNotice } from "./notices.js";
import { writeRoute } from "./routes.js";
import { PaintQueue } from "./scheduling.js";
import { countText, plural } from "./units.js";

const SESSION_ROW_WIDE = 36;
const SESSION_ROW_NARROW = 62;
const ROWS_AHEAD = 150;
const MOST_IN_ADDRESS = 200;
const SMALL_SCREEN = matchMedia("(max-width: 760px)");

export class SessionsView {
  constructor(context, route) {
    Object.assign(this, { context, route });
    this.picked = new Set();
    this.lastPicked = -1;
    this.feed = new SessionsFeed({ onChange: () => this.queue.ask(), onProblem: (problem) => this.failed(problem), onLive: (stream) => this.pill.show(stream) });
    this.queue = new PaintQueue(() => this.paint());
    this.search = new SearchField({ label: "Search sessions", placeholder: "Search: status:failed client:claude since:1h text", fields: SESSION_FIELDS, onSearch: (text) => context.go({ ...this.route, query: text }, true) });
    this.pill = new LivePill(() => this.feed.live.pause(), () => this.feed.watch());
    this.count = el("span", { class: "count", role: "status" });
    this.order = el("select", { "aria-label": "Order", onchange: () => context.go({ ...this.route, order: this.order.value === "newest" ? "" : this.order.value }, true) },
      el("option", { value: "newest", text: "Newest first" }), el("option", { value: "oldest", text: "Oldest first" }));
    this.bulk = el("div", { class: "bulk", role: "group", "aria-label": "Selected sessions", hidden: true });
    this.rows = new SessionRows({ at: (index) => this.feed.sessions[index], isPicked: (id) => this.picked.has(id), onPick: (index, isPicked, isRange) => this.pick(index, isPicked, isRange), onPickAll: (isPicked) => this.pickAll(isPicked) });
    this.list = new VirtualList({
      label: "Sessions", head: this.rows.head, rowHeight: SMALL_SCREEN.matches ? SESSION_ROW_NARROW : SESSION_ROW_WIDE,
      createRow: () => this.rows.createRow(), fillRow: (row, index) => this.rows.fillRow(row, index),
      onOpen: (index) => this.open(index), onRange: (first, last) => this.reach(last),
    });
    this.list.element.setAttribute("aria-multiselectable", "true");
    this.media = () => this.list.setRowHeight(SMALL_SCREEN.matches ? SESSION_ROW_NARROW : SESSION_ROW_WIDE);
    SMALL_SCREEN.addEventListener("change", this.media);
    this.empty = el("div", { class: "list-empty", hidden: true });
    this.element = el("div", { class: "view" }, el("h1", { class: "unseen", text: "Sessions" }),
      el("div", { class: "toolbar" }, this.search.element, this.order, this.count, this.pill.element), this.bulk,
      el("div", { class: "list-box" }, this.list.element, this.empty));
    context.title("Sessions");
    this.update(route, true);
    this.feed.watch();
  }

  dispose() {
    SMALL_SCREEN.removeEventListener("change", this.media);
    this.feed.close();
    this.list.dispose();
    this.pill.dispose();
  }

  update(route, isFirst = false) {
    const before = this.route;
    this.route = route;
    if (isFirst || route.query !== before.query || route.order !== before.order) {
      if (this.search.input.value.trim() !== route.query) {
        this.search.set(route.query);
      }

      this.order.value = route.order || "newest";
      this.picked.clear();
      this.showBulk();
      this.isFresh = true;
      if (this.search.read().error === null) {
        this.feed.search(route.query, this.order.value);
      } else {
        this.feed.stop();
        this.describeRefused();
      }
    }
  }

  focusSearch() {
    this.search.focus();
  }

  focusList() {
    this.list.element.focus({ preventScroll: true });
  }

  key(event) {
    const { active } = this.list;
    if (event.key.toLowerCase() === "x" && active >= 0) {
      this.pick(active, !this.picked.has(this.feed.sessions[active]?.id), event.shiftKey);
      return true;
    }

    if (event.key === "Escape" && this.picked.size > 0) {
      this.pickAll(false);
      return true;
    }

    return false;
  }

  paint() {
    const { sessions, next, total, isStarted } = this.feed;
    if (this.isFresh) {
      this.isFresh = false;
      this.list.scrollTo(0);
    }

    const fresh = this.freshOnTop(sessions);
    this.top = sessions[0]?.id;
    this.list.setCount(sessions.length + (next === null ? 0 : 1), -fresh);
    const shown = countText(sessions.length);
    const word = this.order.value === "oldest" ? "oldest" : "newest";
    setText(this.count, !isStarted ? "" : next === null ? plural(sessions.length, "session") : total === null ? `${word} ${shown}, and more` : `${word} ${shown} of ${countText(total)}`);
    this.describeEmpty();
  }

  /** How many sessions stand before the one that was on top. */
  freshOnTop(sessions) {
    const at = this.top === undefined ? -1 : sessions.findIndex((session) => session.id === this.top);
    return Math.max(0, at);
  }

  describeEmpty() {
    const { sessions, next, isStarted } = this.feed;
    this.empty.hidden = !isStarted || sessions.length > 0 || next !== null;
    if (!this.empty.hidden) {
      replaceChildren(this.empty, this.route.query === ""
        ? notice("No sessions yet", [
          "Nothing was recorded in this store so far, or it has expired. A session appears here as soon as it begins.",
          ["To record one, let an application keep its sessions in this store, or run ", command("shadowcat record -- ", "<the server's command>")],
          ["To try it: ", command("shadowcat demo")],
        ])
        : notice("No session matches", "Take a word out of the search, or look for all of them.", [["Clear the search", () => this.search.set("", true)]]));
    }
  }

  /** The field says what is wrong; below it stands no list of something else. */
  describeRefused() {
    this.list.setCount(0);
    setText(this.count, "");
    this.empty.hidden = false;
    replaceChildren(this.empty, notice("The search is not understood", "What is wrong stands under the field. Mend it there, or look for all sessions.", [["Clear the search", () => this.search.set("", true)]]));
  }

  failed(problem) {
    if (problem.status === 400) {
      this.search.refuse({ message: problem.message });
      if (!this.feed.isStarted) {
        this.describeRefused();
      }

      return;
    }

    if (this.feed.sessions.length === 0) {
      this.list.setCount(0);
      this.empty.hidden = false;
      replaceChildren(this.empty, problemNotice(problem, () => this.feed.search(this.route.query, this.order.value)));
    }

    if (problem.isPassing) {
      clearTimeout(this.retrying);
      this.retrying = setTimeout(() => (this.feed.isStarted ? this.feed.retry() : this.feed.search(this.route.query, this.order.value)), 3000);
    }
  }

  /** The next page is read before its place comes into sight. */
  reach(last) {
    if (this.feed.isStarted && this.feed.problem === null && last + ROWS_AHEAD >= this.feed.sessions.length) {
      this.feed.more();
    }
  }

  open(index) {
    const session = this.feed.sessions[index];
    if (session !== undefined) {
      this.context.go({ view: "session", id: session.id, query: "", by: "", frame: null });
    }
  }

  pick(index, isPicked, isRange) {
    const from = isRange && this.lastPicked >= 0 ? Math.min(this.lastPicked, index) : index;
    const to = isRange && this.lastPicked >= 0 ? Math.max(this.lastPicked, index) : index;
    for (const { id } of this.feed.sessions.slice(from, to + 1)) {
      if (isPicked) {
        this.picked.add(id);
      } else {
        this.picked.delete(id);
      }
    }

    this.lastPicked = index;
    this.showBulk();
  }

  pickAll(isPicked) {
    this.picked = new Set(isPicked ? this.feed.sessions.map((session) => session.id) : []);
    this.showBulk();
  }

  showBulk() {
    const ids = [...this.picked];
    const { info } = this.context;
    this.rows.all.checked = ids.length > 0 && ids.length === this.feed.sessions.length;
    this.rows.all.indeterminate = ids.length > 0 && !this.rows.all.checked;
    this.bulk.hidden = ids.length === 0;
    this.list.paint(true);
    replaceChildren(this.bulk,
      el("strong", { text: `${countText(ids.length)} selected` }),
      ids.length === 2 && el("a", { class: "button", href: writeRoute({ view: "compare", id: ids[0], other: ids[1] }), text: "Compare" }),
      info?.canExport && (ids.length <= MOST_IN_ADDRESS
        ? el("a", { class: "button", href: bulkExportAddress(ids), download: true, text: "Export" })
        : el("span", { class: "soft", text: `At most ${MOST_IN_ADDRESS} are exported at once` })),
      info?.canDelete && button("Delete…", () => this.remove(ids), { class: "danger" }),
      button("Clear", () => this.pickAll(false), { class: "quiet" }));
  }

  async remove(ids) {
    if (!(await askFor(`Delete ${plural(ids.length, "session")}?`, "The sessions and all their frames are deleted from the store, for everybody. This cannot be undone.", "Delete"))) {
      return;
    }

    try {
      const { antiforgery } = this.context.info;
      const answer = await postJson("sessions/delete", { ids }, antiforgery ? { [antiforgery.header]: antiforgery.token } : {});
      this.pickAll(false);
      this.feed.remove(ids);
      sayBriefly(`Deleted ${plural(answer.deleted, "session")}.`);
    } catch (problem) {
      sayBriefly(`Not deleted: ${problem.message}`);
    }
  }
}

/** A command, with a button that copies the part of it that is always the same. */
function command(text, rest = "") {
  const copy = button("", () => copyAndSay(text, "the command"), { class: "quiet small", "aria-label": `Copy ${text.trim()}`, title: "Copy" });
  copy.append(icon("copy"));
  return [el("code", { text: text + rest }), copy];
}
