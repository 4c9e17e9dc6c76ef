/** The rows of the list of sessions. */
import { el, setText } from "./dom.js";
import { peerName, peerText, shortId, statusOf, transportName } from "./peers.js";
import { writeRoute } from "./routes.js";
import { countText, distanceText, momentText } from "./units.js";
import { visible } from "./visible.js";

const SESSION_COLUMNS = [["pick", ""], ["state", "Status"], ["peers", "Client → server"], ["id", "Session"], ["via", "Transport"], ["frames", "Frames"], ["created", "Created"], ["seen", "Last active"], ["tags", "Tags"]];

export class SessionRows {
  /** `at(index)` gives a session, `isPicked(id)` whether it is selected, `onPick(index, isPicked, isRange)` selects. */
  constructor({ at, isPicked, onPick, onPickAll }) {
    Object.assign(this, { at, isPicked, onPick });
    this.all = el("input", { type: "checkbox", "aria-label": "Select all sessions that are loaded", tabindex: "-1", onchange: () => onPickAll(this.all.checked) });
    this.head = el("div", { class: "list-head session-row", role: "row", "aria-rowindex": "1" },
      SESSION_COLUMNS.map(([name, title]) => el("span", { class: `cell ${name}`, role: "columnheader", text: title }, name === "pick" && this.all)));
  }

  createRow() {
    const cells = {};
    const row = el("div", { class: "session-row" });
    for (const [name] of SESSION_COLUMNS) {
      cells[name] = el("span", { class: `cell ${name}`, role: "gridcell" });
      row.append(cells[name]);
    }

    cells.box = el("input", { type: "checkbox", tabindex: "-1", onclick: (event) => this.onPick(row.shownIndex, cells.box.checked, event.shiftKey) });
    cells.pick.append(cells.box);
    cells.link = el("a", { tabindex: "-1", class: "recorded" });
    cells.peers.append(cells.link);
    row.cells = cells;
    return row;
  }

  fillRow(row, index) {
    const { cells } = row;
    const session = this.at(index);
    row.shownIndex = index;
    row.classList.toggle("absent", session === undefined);
    cells.box.hidden = session === undefined;
    if (session === undefined) {
      this.clear(cells);
      return;
    }

    const status = statusOf(session);
    const peers = `${peerText(session.client)} → ${peerText(session.server)}`;
    const isPicked = this.isPicked(session.id);
    cells.state.className = `cell state ${status.kind}`;
    setText(cells.state, status.name);
    setText(cells.link, peers);
    cells.link.href = writeRoute({ view: "session", id: session.id });
    cells.peers.title = peers;
    setText(cells.id, shortId(session.id));
    cells.id.title = visible(session.id, 300);
    setText(cells.via, `${transportName(session.transport)}${session.protected ? " · encrypted" : ""}`);
    setText(cells.frames, countText(session.frames));
    setText(cells.created, momentText(session.created));
    setText(cells.seen, distanceText(session.active, Date.now()));
    cells.seen.title = momentText(session.active);
    this.fillTags(cells.tags, session.tags ?? []);
    cells.box.checked = isPicked;
    cells.box.setAttribute("aria-label", `Select ${peerName(session.client)}, ${shortId(session.id)}`);
    row.setAttribute("aria-selected", String(isPicked));
  }

  fillTags(cell, tags) {
    const mark = tags.join("\n");
    if (cell.mark !== mark) {
      cell.mark = mark;
      cell.replaceChildren(...tags.map((tag) => el("bdi", { class: "chip tag", text: visible(tag, 40) })));
    }
  }

  clear(cells) {
    for (const name of ["state", "id", "via", "frames", "created", "seen"]) {
      setText(cells[name], "");
    }

    cells.state.className = "cell state";
    setText(cells.link, "loading…");
    cells.link.removeAttribute("href");
    this.fillTags(cells.tags, []);
  }
}
