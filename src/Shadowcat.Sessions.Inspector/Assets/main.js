/** The page: its frame, its routes and the keys that hold everywhere. */
import { getJson } from "./api.js";
import { CompareView } from "./compare-view.js";
import { button, el, icon, replaceChildren, setText } from "./dom.js";
import { showHelp } from "./help.js";
import { shortId } from "./peers.js";
import { readRoute, writeRoute } from "./routes.js";
import { SessionView } from "./session-view.js";
import { SessionsView } from "./sessions-view.js";
import { EmbeddedSession, ServedSession, isSingleFile } from "./sources.js";
import { applyStoredTheme, switchTheme } from "./theme.js";
import { visible } from "./visible.js";

const INFO_RETRY_MS = 3000;
const LIST_KEYS = new Set(["j", "k", "ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"]);

class InspectorPage {
  constructor() {
    this.embedded = isSingleFile() ? new EmbeddedSession() : null;
    this.store = el("span", { class: "store recorded" });
    this.path = el("nav", { class: "path", "aria-label": "Where you are" });
    this.main = el("main", { id: "main" });
    this.context = { info: null, go: (route, isReplaced) => this.go(route, isReplaced), title: (title) => this.title(title) };
    replaceChildren(document.getElementById("app"),
      el("header", { class: "topbar" }, this.path, this.store, this.tool("theme", "Light or dark (t)", switchTheme), button("?", () => this.help(), { class: "quiet", "aria-label": "Help (?)", title: "Help (?)" })),
      this.main);
    window.addEventListener("hashchange", () => this.show());
    document.addEventListener("keydown", (event) => this.key(event));
    this.show();
    if (this.embedded === null) {
      this.readInfo();
    }
  }

  async readInfo() {
    let info;
    try {
      info = await getJson("info");
    } catch (problem) {
      // The view, which asks the same server, says what is so.
      if (problem.isPassing) {
        setTimeout(() => this.readInfo(), INFO_RETRY_MS);
      }

      return;
    }

    this.context.info = info;
    setText(this.store, visible(info.store, 120) + (info.ownerOnly ? " · your sessions only" : ""));
    this.store.title = `Shadowcat.Sessions ${info.version}`;
    this.view.update(this.route());
    this.view.showBulk?.();
  }

  show() {
    const route = this.route();
    const key = route.view === "sessions" ? "sessions" : route.view === "compare" ? `compare ${route.id} ${route.other}` : `session ${route.id}`;
    if (key === this.shown) {
      this.view.update(route);
      return;
    }

    const before = this.view;
    this.shown = key;
    before?.dispose();
    this.view = this.make(route);
    replaceChildren(this.main, this.view.element);
    this.showPath(route);
    if (before !== undefined) {
      this.view.focusList();
    }
  }

  /** The route of the address; a single file has one session, whatever the address says. */
  route() {
    const route = readRoute(location.hash);
    return this.embedded === null ? route : { ...route, view: route.view === "charts" ? "charts" : "session", id: this.embedded.id, frame: route.frame ?? null };
  }

  make(route) {
    if (this.embedded !== null) {
      return new SessionView(this.embedded, this.context, route);
    }

    switch (route.view) {
      case "compare": return new CompareView(this.context, route);
      case "sessions": return new SessionsView(this.context, route);
      default: return new SessionView(new ServedSession(route.id), this.context, route);
    }
  }

  showPath(route) {
    const brand = this.embedded === null
      ? el("a", { class: "brand", href: "#/", "aria-current": route.view === "sessions" ? "page" : null }, el("span", { class: "mark", "aria-hidden": "true" }), "Sessions")
      : el("span", { class: "brand" }, el("span", { class: "mark", "aria-hidden": "true" }), "Session");
    const where = this.embedded !== null ? this.embedded.id : route.view === "session" || route.view === "charts" ? route.id : null;
    replaceChildren(this.path, brand, where !== null && el("code", { class: "where recorded", text: shortId(where) }), route.view === "compare" && el("span", { class: "where", text: "Compare" }));
  }

  go(route, isReplaced) {
    const fragment = writeRoute(route);
    if (fragment === location.hash) {
      return;
    }

    if (isReplaced) {
      history.replaceState(null, "", fragment);
      this.show();
    } else {
      location.hash = fragment;
    }
  }

  title(title) {
    document.title = title === "Sessions" ? title : `${title} · Sessions`;
  }

  help() {
    showHelp(this.shown !== "sessions");
  }

  key(event) {
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, dialog") !== null;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping) {
      return;
    }

    const keys = {
      "/": () => this.view.focusSearch?.(),
      "?": () => this.help(),
      t: switchTheme,
      g: () => this.embedded === null && (location.hash = "#/"),
    };
    if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    } else if (event.target === document.body && LIST_KEYS.has(event.key)) {
      this.view.focusList();
      this.view.list.move(event);
    } else if (this.view.key?.(event) !== false) {
      event.preventDefault();
    }
  }

  tool(name, label, action) {
    const made = button("", action, { class: "quiet", "aria-label": label, title: label });
    made.append(icon(name));
    return made;
  }
}

applyStoredTheme();
new InspectorPage();
