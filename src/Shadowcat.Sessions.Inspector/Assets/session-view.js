/** The view of a session: its head, the filter, the timeline, and the frame that is open. */
import { ChartsPart } from "./charts-part.js";
import { FrameSelection } from "./frame-selection.js";
import { FRAME_FIELDS, frameTest } from "./frame-fields.js";
import { FramePanel } from "./frame-panel.js";
import { LivePill } from "./live-pill.js";
import { LogAttribution } from "./log-attribution.js";
import { SearchField } from "./search-field.js";
import { selectedRanges } from "./selected-ranges.js";
import { SessionFeed } from "./session-feed.js";
import { SessionHeader } from "./session-header.js";
import { SessionTools } from "./session-tools.js";
import { TimelineRows } from "./timeline-rows.js";
import { TimelineNotes } from "./timeline-notes.js";
import { VirtualList } from "./virtual-list.js";
import { el, replaceChildren, setText } from "./dom.js";
import { problemNotice } from "./notices.js";
import { peerName, peerText } from "./peers.js";
import { writeRoute } from "./routes.js";
import { PaintQueue, debounced, sliceDeadline } from "./scheduling.js";

const WIDE_ROW = 28;
const NARROW_ROW = 46;
const RETRY_SESSION_MS = 3000;
/** Why a stream ended that cannot be taken up again where it was. */
const LOST_PLACES = ["trimmed", "lost", "gone"];
const NARROW_SCREEN = matchMedia("(max-width: 760px)");

export class SessionView {
  constructor(source, context, route) {
    Object.assign(this, { source, context, route });
    this.header = new SessionHeader();
    this.pill = new LivePill(() => this.feed.live.pause(), (reason) => (LOST_PLACES.includes(reason) ? this.begin() : this.feed.live.start()));
    this.search = new SearchField({ label: "Filter frames", placeholder: "Filter: method:tools/call status:error slower:100ms text", fields: FRAME_FIELDS, onSearch: (text) => this.go({ query: text, frame: null }, true) });
    this.tools = new SessionTools(source, context, () => selectedRanges(this.selection));
    this.notes = new TimelineNotes(() => this.stick(), () => this.go({ query: "" }, true));
    this.body = el("div", { class: "split" });
    this.element = el("div", { class: "view session-view" }, this.header.element, el("div", { class: "toolbar" }, this.search.element, this.tools.element, this.pill.element), this.notes.note, this.notes.said, this.body);
    this.queue = new PaintQueue(() => this.paint());
    this.media = () => this.list?.setRowHeight(NARROW_SCREEN.matches ? NARROW_ROW : WIDE_ROW);
    NARROW_SCREEN.addEventListener("change", this.media);
    this.showSoon = debounced(60, (sequence) => this.go({ frame: sequence }, true));
    this.begin();
  }

  /** Reads the session from its beginning; also where it was replaced by another one of the same id. */
  begin() {
    this.element.classList.remove("failed");
    clearTimeout(this.retrying);
    this.feed?.close();
    this.list?.dispose();
    this.feed = new SessionFeed(this.source, {
      onSession: (session) => this.described(session),
      onFrames: () => this.queue.ask(),
      onProblem: (problem) => this.failed(problem),
      onLive: (stream) => this.pill.show(stream),
      onReplaced: () => this.begin(),
    });
    this.model = this.feed.model;
    this.logs = new LogAttribution(this.model);
    this.selection = new FrameSelection(this.model);
    this.shownStart = 0;
    this.notes.clear();
    this.rows = new TimelineRows(this.model, this.selection);
    this.list = new VirtualList({
      label: "Timeline", head: this.rows.head, rowHeight: NARROW_SCREEN.matches ? NARROW_ROW : WIDE_ROW,
      createRow: () => this.rows.createRow(), fillRow: (row, index) => this.rows.fillRow(row, index),
      onOpen: (index, how) => this.open(index, how), onMove: (index) => this.moved(index), onRange: (first, last) => this.rows.fit(first, last), onScrolled: () => this.scrolled(),
    });
    this.list.sticks = this.route.frame === null;
    this.list.element.addEventListener("keydown", (event) => this.callKey(event));
    this.panel = new FramePanel(this.source, this.model, this.tools, { onClose: () => this.go({ frame: null }), onGo: (sequence) => this.go({ frame: sequence }, true), linkOf: (sequence) => writeRoute({ ...this.route, frame: sequence }) });
    this.charts = new ChartsPart(this.model, (sequence) => writeRoute({ ...this.route, view: "session", frame: sequence }));
    this.listBox = el("div", { class: "list-box" }, this.list.element, this.notes.empty, this.notes.toEnd);
    replaceChildren(this.body, this.listBox, this.charts.element, this.panel.element);
    this.update(this.route, true);
    this.feed.open();
  }

  dispose() {
    clearTimeout(this.retrying);
    NARROW_SCREEN.removeEventListener("change", this.media);
    this.feed.close();
    this.list.dispose();
    this.pill.dispose();
    this.panel.close();
    this.charts.close();
  }

  /** Another filter, another frame of the same session. */
  update(route, isFirst = false) {
    const before = this.route;
    this.route = route;
    if (isFirst || route.query !== before.query || route.by !== before.by) {
      this.filter(route);
    }

    if (route.frame === null) {
      this.panel.close();
      this.rows.choose(-1);
    } else {
      this.panel.show(route.frame);
      this.rows.choose(route.frame);
      this.find(route.frame);
    }

    this.body.classList.toggle("with-panel", route.frame !== null);
    this.listBox.hidden = route.view === "charts";
    if (route.view !== "charts") {
      this.charts.close();
    } else if (!this.charts.isOpen || route.query !== before.query) {
      this.charts.open(this.selection.test);
    }

    this.tools.show(route, this.feed.session);
    this.queue.ask();
  }

  focusSearch() {
    this.search.focus();
  }

  focusList() {
    this.list.element.focus({ preventScroll: true });
  }

  /** Keys that are the same wherever the focus is; whether the key was one of them. */
  key(event) {
    const actions = {
      c: () => this.go({ by: this.route.by === "call" ? "" : "call", view: "session" }, true),
      p: () => this.feed.live !== null && this.pill.pressed(),
      e: () => this.stick(),
      "[": () => this.panel.walk(-1),
      "]": () => this.panel.walk(1),
    };
    if (event.key === "Escape" && this.panel.isOpen) {
      this.go({ frame: null });
      this.focusList();
      return true;
    }

    actions[event.key]?.();
    return event.key in actions;
  }

  go(change, isReplaced = false) {
    this.context.go({ ...this.route, ...change }, isReplaced);
  }

  filter(route) {
    if (this.search.input.value.trim() !== route.query) {
      this.search.set(route.query);
    }

    const { terms, error } = this.search.read();
    if (error === null) {
      this.selection.select(frameTest(this.model, terms), route.by === "call");
      this.list.sticks ||= route.frame === null;
      this.list.setCount(0);
    }
  }

  described(session) {
    this.header.show(session);
    this.rows.namePeers(peerName(session.client), peerName(session.server));
    this.tools.show(this.route, session);
    this.context.title(`${peerText(session.client)} → ${peerText(session.server)}`);
  }

  failed(problem) {
    if (this.feed.session === null) {
      this.list.dispose();
      this.element.classList.add("failed");
      setText(this.header.title, "This session cannot be shown");
      replaceChildren(this.body, problemNotice(problem, () => this.begin()));
      this.retrying = problem.isPassing ? setTimeout(() => this.begin(), RETRY_SESSION_MS) : 0;
    } else {
      this.notes.problem = problem;
      this.queue.ask();
    }
  }

  paint() {
    if (this.feed.session === null) {
      return;
    }

    const dropped = this.selection.isAll ? Math.max(0, this.model.start - this.shownStart) : this.selection.drop();
    this.shownStart = this.model.start;
    this.attributeLogs();
    this.selection.advance(sliceDeadline());
    this.list.setCount(this.selection.count, this.isPainted ? dropped : 0);
    this.isPainted = true;
    this.header.count(Math.max(this.feed.session.frames, this.model.end));
    this.panel.refresh();
    this.describe();
    if (this.wanted !== undefined && this.selection.indexOf(this.wanted) >= 0) {
      this.find(this.wanted);
    }

    if (!this.selection.isComplete) {
      this.queue.ask();
    }
  }

  /** Where a transport says nothing of what belongs to which call. */
  attributeLogs() {
    const isNaming = this.feed.session.transport.toLowerCase() !== "stdio";
    if (!isNaming && this.logs.advance(sliceDeadline()) && this.selection.byCall) {
      this.selection.renew();
    }
  }

  describe() {
    this.notes.show(this.model, this.selection, this.list, this.feed);
  }

  scrolled() {
    const isAtEnd = this.list.isAtEnd;
    if (isAtEnd !== this.list.sticks) {
      this.list.sticks = isAtEnd;
      this.notes.showEnd(this.model, this.list, this.feed);
    }
  }

  /** To the newest frame, and stay there. Where the page is behind, it begins anew at that frame, and reads the others afterwards. */
  stick() {
    if (this.feed.behind > 0) {
      this.go({ frame: null }, true);
      this.begin();
      return;
    }

    this.list.sticks = true;
    this.list.toEnd();
    this.notes.showEnd(this.model, this.list, this.feed);
  }

  open(index, how) {
    const sequence = this.selection.sequenceAt(index);
    if (this.selection.isBeginning(sequence) && how === "click" && this.route.frame === sequence) {
      this.toggle(sequence);
    }

    this.go({ frame: sequence }, this.route.frame !== null);
  }

  /** While a frame is open, it follows the active row. */
  moved(index) {
    this.list.sticks = false;
    if (this.route.frame !== null) {
      this.showSoon(this.selection.sequenceAt(index));
    }
  }

  /** Brings a frame into sight, now or once it is here. */
  find(sequence) {
    const index = this.selection.indexOf(sequence);
    this.wanted = index < 0 || this.list.count <= index ? sequence : undefined;
    if (this.wanted === undefined && this.list.active !== index) {
      this.list.sticks = false;
      this.list.reveal(index);
    } else {
      this.list.paint(true);
    }
  }

  callKey(event) {
    const sequence = this.list.active < 0 ? undefined : this.selection.sequenceAt(this.list.active);
    if (!this.selection.byCall || sequence === undefined || !["ArrowRight", "ArrowLeft", " "].includes(event.key)) {
      return;
    }

    event.preventDefault();
    const isOpen = this.selection.opened.has(this.model.rootOf(sequence));
    if (event.key === " " || isOpen === (event.key === "ArrowLeft")) {
      this.toggle(sequence);
    }
  }

  toggle(sequence) {
    const root = this.model.rootOf(sequence);
    this.list.sticks = false;
    this.selection.toggle(sequence);
    this.list.setCount(this.selection.count);
    this.list.activate(this.selection.indexOf(root), true);
  }
}
