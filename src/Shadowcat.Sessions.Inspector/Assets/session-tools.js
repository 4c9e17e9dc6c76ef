/** What can be done with a session: other views of it, export, replay, comparison. */
import { getJson } from "./api.js";
import { openDialog, showText } from "./dialogs.js";
import { button, el, replaceChildren } from "./dom.js";
import { problemNotice } from "./notices.js";
import { peerText, shortId } from "./peers.js";
import { writeRoute } from "./routes.js";
import { distanceText } from "./units.js";
import { shellQuoted } from "./visible.js";

const EXPORT_FORMATS = [["jsonl", "JSONL archive"], ["html", "One HTML file"], ["har", "HAR"]];
const MOST_OTHERS = 50;

export class SessionTools {
  constructor(source, context, onChange) {
    Object.assign(this, { source, context, onChange });
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
        this.context.info?.canExport !== false && this.exportMenu(route),
        this.context.info?.replayCommand && button("Replay", () => this.handOver(session, route.frame)),
      ]);
  }

  choice(word, isChosen, route) {
    return el("a", { href: writeRoute(route), class: isChosen ? "chosen" : "", "aria-current": isChosen ? "page" : null, text: word });
  }

  exportMenu(route) {
    const menu = el("details", { class: "menu" }, el("summary", { class: "button", text: "Export" }),
      el("div", { class: "menu-list" },
        route.query !== "" && el("p", { class: "soft", text: "The frames that the filter selects:" }),
        EXPORT_FORMATS.map(([format, name]) => el("a", { href: this.source.exportLink(format, route.query), download: true, text: name, onclick: () => { menu.open = false; } }))));
    menu.addEventListener("focusout", (event) => { menu.open = menu.open && menu.contains(event.relatedTarget); });
    return menu;
  }

  /** Replaying is done by the tool, where the programs are: the page hands over the command. */
  handOver(session, frame) {
    const command = this.context.info.replayCommand.replaceAll("{session}", shellQuoted(session.id)).replaceAll("{sequence}", String(frame ?? 0));
    showText("Replay this session", "This command lets the recording answer a client as the server did. With -- and a server behind it, it asks that server what the client asked, and lists what differs.", command.includes(session.id) ? command : `${command} ${shellQuoted(session.id)}`);
  }

  async chooseOther(session) {
    const list = el("ul", { class: "picker" }, el("li", { class: "soft", text: "Loading…" }));
    const dialog = openDialog("Compare with which session?", [list]);
    try {
      const page = await getJson("sessions", { size: MOST_OTHERS, order: "newest" });
      const others = page.sessions.filter((other) => other.id !== session.id);
      replaceChildren(list, others.length === 0
        ? el("li", { class: "soft", text: "There is no other session." })
        : others.map((other) => el("li", {}, el("a", { href: writeRoute({ view: "compare", id: session.id, other: other.id }), onclick: () => dialog.close() },
          el("bdi", { text: `${peerText(other.client)} → ${peerText(other.server)}` }), el("span", { class: "soft", text: `${shortId(other.id)} · ${other.frames} frames · ${distanceText(Date.parse(other.createdAt), Date.now())}` })))));
    } catch (problem) {
      replaceChildren(list, el("li", {}, problemNotice(problem, () => { dialog.close(); this.chooseOther(session); })));
    }
  }
}
