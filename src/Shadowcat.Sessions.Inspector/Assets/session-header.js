/** The head of a session: who talked to whom, how it stands, and, opened, everything that is known of it. */
import { button, el, icon, replaceChildren, setText } from "./dom.js";
import { copyAndSay } from "./clipboard.js";
import { peerText, statusOf, transportName } from "./peers.js";
import { countText, distanceText, durationText, momentText, plural } from "./units.js";
import { visible, visibleLines } from "./visible.js";

export class SessionHeader {
  constructor() {
    this.title = el("h1", { class: "session-title" });
    this.chips = el("div", { class: "chips" });
    this.reason = el("p", { class: "close-reason", hidden: true });
    this.facts = el("dl", { class: "facts" });
    this.details = el("details", { class: "session-details", ontoggle: () => this.showFacts() }, el("summary", { text: "Details" }), this.facts);
    this.frames = chip("");
    this.element = el("header", { class: "session-head" }, el("div", { class: "session-line" }, this.title, this.chips), this.reason, this.details);
  }

  /** Says what is known; also many times a second, while frames come: what is the same stays as it is. */
  show(session) {
    this.session = session;
    this.count(session.frames);
    const { frames, lastActivity, expiresAt, ...lasting } = session;
    const mark = JSON.stringify(lasting);
    if (mark !== this.shown) {
      this.shown = mark;
      this.showLasting(session);
    }

    this.showFacts();
  }

  count(frames) {
    setText(this.frames, plural(frames, "frame"));
  }

  /** The facts are made where they can be seen, and not under the hands of somebody who selects in them. */
  showFacts() {
    const isSelecting = !document.getSelection().isCollapsed && this.facts.contains(document.getSelection().anchorNode);
    if (this.details.open && this.session !== undefined && !isSelecting) {
      replaceChildren(this.facts, factsOf(this.session).map(([name, value]) => el("div", {}, el("dt", { text: name }), el("dd", {}, value))));
    }
  }

  showLasting(session) {
    const status = statusOf(session);
    replaceChildren(this.title, el("span", { class: "recorded", text: peerText(session.client) }), el("span", { class: "arrow", text: " → ", "aria-label": " to " }), el("span", { class: "recorded", text: peerText(session.server) }));
    replaceChildren(this.chips,
      chip(status.name, `status ${status.kind}`),
      chip(transportName(session.transport)),
      session.version?.negotiated && chip(`MCP ${visible(session.version.negotiated, 64)}`),
      session.protected && el("span", { class: "chip locked", title: "The payloads of this session are encrypted in the store." }, icon("lock"), "Encrypted"),
      this.frames,
      (session.tags ?? []).map((tag) => chip(visible(tag, 60), "tag")));
    this.reason.hidden = !session.closeReason;
    this.reason.className = `close-reason ${status.kind}`;
    this.reason.textContent = session.closeReason ? `Closed: ${visible(session.closeReason, 4096)}` : "";
  }
}

function chip(text, kind = "") {
  return el("span", { class: `chip ${kind}`, text });
}

function factsOf(session) {
  const copy = button("", () => copyAndSay(session.id, "the id"), { class: "quiet small", "aria-label": "Copy the id" });
  copy.append(icon("copy"));
  return [
    ["Id", [el("code", { class: "recorded", text: visible(session.id, 300) }), copy]],
    ["Lifecycle", lifecycleFact(session)],
    session.boundary && ["Brought together by", visible(session.boundary, 40)],
    ["Client", peerFact(session.client)],
    ["Server", peerFact(session.server)],
    ["Protocol version", versionFact(session.version)],
    ["Owner", session.owner ? recorded(`${session.owner.value} (${session.owner.claimType}, issued by ${session.owner.issuer})`) : "nobody"],
    ["Created", timeFact(session.createdAt)],
    ["Last activity", timeFact(session.lastActivity)],
    ["Ends without activity", session.expiresAt ? timeFact(session.expiresAt) : "—"],
    ["Lifetime", lifetimeFact(session)],
    ["Frames", `${countText(session.frames)} appended${session.first > 0 ? `, those before #${countText(session.first)} trimmed` : ""}`],
    ["Encryption", session.protected ? "Payloads are encrypted in the store, and shown decrypted here." : "none"],
    session.transportSessionId && ["Transport's id", recorded(session.transportSessionId)],
    session.correlationKey && ["Correlation key", recorded(session.correlationKey)],
    ["Generation", recorded(`${session.generation}, version ${session.ver}`)],
    session.closeReason && ["Close reason", recorded(session.closeReason)],
    ...Object.entries(session.attributes ?? {}).map(([name, value]) => [visible(name, 200), recorded(value)]),
  ].filter(Boolean);
}

function lifecycleFact(session) {
  const { name } = statusOf(session);
  const state = visible(session.state, 40);
  return state.toLowerCase() === name.toLowerCase() ? name : `${name} (${state})`;
}

function recorded(text) {
  return el("span", { class: "recorded", text: visibleLines(text) });
}

function peerFact(peer) {
  return peer ? recorded([peer.title, peer.name, peer.version].filter(Boolean).join(" · ")) : "not known";
}

function versionFact(version) {
  if (!version) {
    return "not known";
  }

  const attempts = (version.attempts ?? []).map((attempt) => `${attempt.requested} → ${attempt.answered ?? "no answer"}`);
  const parts = [`${version.negotiated ?? "not agreed"}`, version.requested && `asked for ${version.requested}`, version.transportHeader && `header ${version.transportHeader}`];
  return recorded(parts.filter(Boolean).join(", ") + (attempts.length > 0 ? `\nattempts: ${attempts.join("; ")}` : ""));
}

function timeFact(time) {
  const moment = Date.parse(time);
  return el("time", { datetime: time, title: time, text: Number.isNaN(moment) ? "—" : `${momentText(moment)} (${distanceText(moment, Date.now())})` });
}

function lifetimeFact(session) {
  const idle = session.timeToLive ? `${durationText(session.timeToLive * 1000)} without activity` : "as the store says";
  return session.maxLifetime ? `${idle}, at most ${durationText(session.maxLifetime * 1000)}` : idle;
}
