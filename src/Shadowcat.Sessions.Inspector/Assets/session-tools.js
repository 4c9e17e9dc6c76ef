/** What can be done with a session: other views of it, export, replay, comparison. */
import { getJson } from "./api.js";
import { openDialog, showText } from "./dialogs.js";
import { button, el, replaceChildren } from "./dom.js";
import { peerText, shortId } from "./peers.js";
import { replayCommand } from "./replay-command.js";
import { writeRoute } from "./routes.js";
import { debounced } from "./scheduling.js";
import { distanceText, plural } from "./units.js";

const FORMAT_NAMES = { jsonl: "JSONL archive", html: "One HTML file", har: "HAR", otlp: "OpenTelemetry spans" };
const MOST_OTHERS = 50;
const SEARCH_PAUSE_MS = 150;

export class SessionTools {
  /** `ranges()` gives the frames that the filter selects, or null where they cannot be named. */
  constructor(source, context, ranges) {
    Object.assign(this, { source, context, ranges });
    this.element = el("div", { class: "tools" });
  }

  show(route, session) {
    const mark = JSON.stringify([route, session?.id, this.context.info]);
    if (mark === this.shown) {
      return;
    }

    this.shown = mark;
    replaceChildren(this.element,
      el("div", { class: "switch", role: "group", "aria-label": "What a row is" },
        this.choice("Frames", route.view === "session" && route.by !== "call", { ...route, view: "session", by: "" }),
        this.choice("Calls", route.view === "session" && route.by === "call", { ...route, view: "session", by: "call" }),
        this.choice("Charts", route.view === "charts", { ...route, view: "charts", frame: null })),
      this.source.canFollow && session && [
        button("Compare…", () => this.chooseOther(session)),
        this.context.info?.canExport !== false && this.exportMenu(route, session),
        this.canReplay && button("Replay", () => this.replay(null)),
      ]);
  }

  get canReplay() {
    return this.source.canFollow && Boolean(this.context.info?.replayCommand);
  }

  choice(word, isChosen, route) {
    return el("a", { href: writeRoute(route), class: isChosen ? "chosen" : "", "aria-current": isChosen ? "page" : null, text: word });
  }

  exportMenu(route, session) {
    const list = el("div", { class: "menu-list" });
    const menu = el("details", { class: "menu", ontoggle: () => menu.open && replaceChildren(list, this.exports(route, session, () => { menu.open = false; })) }, el("summary", { class: "button", text: "Export" }), list);
    menu.addEventListener("focusout", (event) => { menu.open = menu.open && menu.contains(event.relatedTarget); });
    return menu;
  }

  /** What the filter selects, and the whole session, in each format there is. */
  exports(route, session, onChosen) {
    const link = (format, frames) => el("a", { href: this.source.exportLink(format, frames), download: true, text: FORMAT_NAMES[format] ?? format, onclick: onChosen });
    const formats = (this.context.info?.exports ?? ["jsonl", "html"]).filter((format) => format !== "har" || session.transport.toLowerCase() !== "stdio");
    const ranges = route.query === "" ? null : this.ranges();
    return [
      route.query !== "" && [
        el("p", { class: "soft", text: "What the filter selects" }),
        ranges === null ? el("p", { text: "Too scattered to be named, or none: narrow the filter." }) : formats.map((format) => link(format, ranges)),
        el("p", { class: "soft", text: "The whole session" }),
      ],
      formats.map((format) => link(format, null)),
    ];
  }

  /** Replaying is done by the tool, where the programs are: the page hands over the command. It begins at a frame, or where that is null, with the session. */
  replay(sequence) {
    const [title, from] = sequence === null ? ["Replay this session", ""] : [`Replay from frame ${sequence}`, ` It begins at frame ${sequence}, with the handshake before it.`];
    showText(title, `This command lets the recording answer a client as the server did. With -- and a server behind it, it asks that server what the client asked, and lists what differs.${from}`, replayCommand(this.context.info.replayCommand, this.source.id, sequence));
  }

  chooseOther(session) {
    const list = el("ul", { class: "picker" }, el("li", { class: "soft", text: "Loading…" }));
    const look = debounced(SEARCH_PAUSE_MS, () => this.listOthers(session, search.value.trim(), list, () => dialog.close()));
    const search = el("input", { type: "search", class: "picker-search", placeholder: "Search as in the list: client:claude since:1h", "aria-label": "Search the sessions", autofocus: true, oninput: look });
    const dialog = openDialog("Compare with which session?", [search, list]);
    look();
  }

  async listOthers(session, query, list, onChosen) {
    try {
      const page = await getJson("sessions", { q: query, size: MOST_OTHERS, order: "newest" });
      const others = page.sessions.filter((other) => other.id !== session.id);
      replaceChildren(list, others.length === 0 ? el("li", { class: "soft", text: "There is no other session that matches." }) : others.map((other) => otherChoice(session, other, onChosen)));
    } catch (problem) {
      replaceChildren(list, el("li", {}, el("p", { class: "bad", text: problem.message })));
    }
  }
}

function otherChoice(session, other, onChosen) {
  return el("li", {}, el("a", { href: writeRoute({ view: "compare", id: session.id, other: other.id }), onclick: onChosen },
    el("bdi", { text: `${peerText(other.client)} → ${peerText(other.server)}` }),
    el("span", { class: "soft", text: `${shortId(other.id)} · ${plural(other.frames, "frame")} · ${distanceText(Date.parse(other.createdAt), Date.now())}` })));
}
