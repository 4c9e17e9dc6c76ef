/** What is known of a frame beside its message: what it is, its conversation, its headers and metadata. */
import { el } from "./dom.js";
import { frameText } from "./frame-text.js";
import { clockText, countText, durationText, momentText, sizeText } from "./units.js";
import { visible, visibleLines } from "./visible.js";

const MOST_MEMBERS = 200;
const SENDERS = { c: "the client", s: "the server", i: "the recorder (no message of either side)" };

export function frameFacts(frame, model, sequence, linkOf) {
  return el("div", { class: "frame-facts" },
    factTable("Frame", [
      ["Sequence", `#${sequence}`],
      ["Seen", frame.t === undefined ? null : `${momentText(frame.t)}.${String(Math.floor(frame.t % 1000)).padStart(3, "0")} (${new Date(frame.t).toISOString()})`],
      ["Sent by", SENDERS[frame.d]],
      ["Kind", frame.k],
      ["Method", frame.m],
      ["Name", frame.n],
      ["Id", frame.i],
      ["Exchange", frame.x],
      ["Task", frame.ti],
      ["Request state", frame.rs],
      ["Progress token", frame.pt],
      ["Cancels request", frame.ri],
      ["Level", frame.lv],
      ["Protocol version", frame.pv],
      ["Error", frame.e && `${frame.e.code ?? ""} ${frame.e.message ?? ""}`],
      ["HTTP status", frame.h],
      ["Ended", frame.en && `${frame.en.how} by the ${frame.en.by}`],
      ["Flags", frame.f?.join(", ")],
      ["Not recorded before it", frame.g && `${frame.g} frames`],
      ["Size", frame.z === undefined ? null : `${sizeText(frame.z)} (${countText(frame.z)} bytes)`],
      ["Recorded length", frame.rl && `${sizeText(frame.rl)}: the beginning is kept`],
      ["Progress", frame.pr?.join(" of ")],
      ["Took", Number.isNaN(model.duration(sequence)) ? null : durationText(model.duration(sequence))],
    ]),
    conversationPart(model, sequence, linkOf),
    factTable("HTTP headers", Object.entries(frame.headers ?? {})),
    factTable("Metadata", Object.entries(frame.metadata ?? {})));
}

function factTable(title, entries) {
  const known = entries.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== false);
  return known.length > 0 && el("section", {}, el("h3", { text: title }),
    el("dl", { class: "fact-table" }, known.map(([name, value]) => [el("dt", { class: "recorded", text: visible(name) }), el("dd", { class: "recorded", text: visibleLines(value) })])));
}

function conversationPart(model, sequence, linkOf) {
  const members = model.conversation(sequence, MOST_MEMBERS);
  if (members.length < 2) {
    return null;
  }

  const begun = model.column("time", members[0]);
  return el("section", {}, el("h3", { text: `Conversation, ${members.length === MOST_MEMBERS ? "the first " : ""}${members.length} frames` }),
    el("ol", { class: "members" }, members.map((member) => {
      const text = frameText(model, member);
      return el("li", { class: text.kind, "aria-current": member === sequence ? "true" : null },
        el("a", { href: linkOf(member), title: clockText(model.column("time", member)) }, el("span", { class: "soft", text: `#${member}` }), ` ${text.lane === "server" ? "←" : "→"} `, el("bdi", { text: `${text.main} ${text.detail}` })),
        el("span", { class: "soft", text: `+${durationText(model.column("time", member) - begun)}` }));
    })));
}
