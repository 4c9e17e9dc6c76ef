/** One frame: its message as formatted JSON, as text, as bytes, and what is known beside it. */
import { KIND_NAMES } from "./frame-chunk.js";
import { BytesView, textOfBytes } from "./bytes-view.js";
import { JsonView } from "./json-view.js";
import { copyAndSay } from "./clipboard.js";
import { button, el, icon, replaceChildren } from "./dom.js";
import { frameFacts } from "./frame-facts.js";
import { formatJson } from "./json-formatting.js";
import { formattedText } from "./json-lines.js";
import { notice, problemNotice } from "./notices.js";
import { pause } from "./scheduling.js";
import { countText, sizeText } from "./units.js";
import { visible } from "./visible.js";

const FIRST_BYTES = 256 * 1024;
const RETRY_FRAME_MS = 3000;
const MOST_FORMATTED_BYTES = 48 * 1024 * 1024;
const TABS = [["json", "JSON"], ["text", "Text"], ["bytes", "Bytes"], ["facts", "Details"]];

export class FramePanel {
  /** `onClose()`, and `onGo(sequence)` for a frame that belongs to this one. `linkOf(sequence)` is the address of a frame. `tools` know how to replay from one. */
  constructor(source, model, tools, { onClose, onGo, linkOf }) {
    Object.assign(this, { source, model, tools, onGo, linkOf });
    this.tab = "json";
    this.sequence = null;
    this.title = el("h2", { class: "panel-title" });
    this.tabs = TABS.map(([name, word]) => button(word, () => this.choose(name), { role: "tab", id: `tab-${name}`, "aria-controls": "frame-content" }));
    this.size = el("div", { class: "panel-size", role: "status" });
    this.content = el("div", { class: "panel-content", id: "frame-content", role: "tabpanel" });
    this.download = el("a", { class: "button quiet", "aria-label": "Download the message", title: "Download the message", hidden: true }, icon("save"));
    this.replay = this.tool("play", "Replay from here", () => tools.replay(this.model.askedBy(this.sequence)));
    const close = this.tool("close", "Close the frame (Escape)", onClose);
    this.element = el("section", { class: "panel", "aria-label": "Frame", hidden: true },
      el("div", { class: "panel-head" }, this.title, this.tool("up", "Previous frame of this conversation", () => this.walk(-1)), this.tool("down", "Next frame of this conversation", () => this.walk(1)),
        this.replay, this.download, this.tool("copy", "Copy the message", () => this.copy()), this.tool("link", "Copy a link to this frame", () => copyAndSay(new URL(linkOf(this.sequence), document.baseURI).href, "the link")), close),
      el("div", { class: "tabs", role: "tablist", "aria-label": "Forms of the frame", onkeydown: (event) => this.tabKey(event) }, this.tabs),
      this.size, this.content);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.loading?.abort();
    this.drop();
    this.sequence = null;
    this.element.hidden = true;
  }

  /** Shows a frame: first what the model knows of it, then its message. */
  async show(sequence) {
    this.replay.hidden = !this.tools.canReplay;
    if (this.sequence === sequence && this.isOpen) {
      return;
    }

    this.loading?.abort();
    this.loading = new AbortController();
    this.sequence = sequence;
    this.element.hidden = false;
    this.frame = null;
    this.bytes = null;
    this.formatted = null;
    this.offerDownload();
    this.sayTitle();
    await this.load(FIRST_BYTES);
  }

  async load(most) {
    const { signal } = this.loading;
    const { sequence } = this;
    const attempt = this.attempt = {};
    const slow = setTimeout(() => this.put(el("p", { class: "panel-note soft", text: "Loading…" })), 150);
    try {
      const [frame, bytes] = await Promise.all([this.frame ?? this.source.frame(sequence, signal), this.source.payload(sequence, most, signal)]);
      if (signal.aborted) {
        return;
      }

      [this.frame, this.bytes, this.formatted] = [frame, bytes, null];
      this.sayTitle();
      this.saySize(most);
      await this.paint();
    } catch (error) {
      clearTimeout(slow);
      if (error.name !== "AbortError") {
        this.put(problemNotice(error, () => this.load(most)));
        await this.retry(attempt, error, most, signal);
      }
    } finally {
      clearTimeout(slow);
    }
  }

  /** What may pass is tried again, unless somebody did so meanwhile, or the panel shows another frame. */
  async retry(attempt, problem, most, signal) {
    if (problem.isPassing) {
      await pause(RETRY_FRAME_MS, signal);
      if (attempt === this.attempt && !signal.aborted) {
        await this.load(most);
      }
    }
  }

  offerDownload() {
    const address = this.source.payloadLink(this.sequence);
    this.download.hidden = address === null;
    if (address !== null) {
      this.download.setAttribute("href", address);
      this.download.setAttribute("download", `${this.source.id}-${this.sequence}.json`);
    }
  }

  /** What the frame is: the model knows of an answer what was asked; of a frame that is not here yet, only the frame says it. */
  sayTitle() {
    const { model, sequence } = this;
    const kind = KIND_NAMES[model.column("kind", sequence)];
    const words = kind === "absent" ? [this.frame?.k, this.frame?.m, this.frame?.n] : [kind, model.text("method", sequence), model.text("name", sequence)];
    const text = visible(words.filter(Boolean).join(" "), 200);
    if (this.title.textContent !== `#${sequence} ${text}`) {
      replaceChildren(this.title, el("span", { class: "soft", text: `#${sequence} ` }), el("bdi", { text }));
    }
  }

  /** A frame that changed, because its answer came, is shown with it. */
  refresh() {
    if (this.isOpen) {
      this.sayTitle();
    }

    if (this.isOpen && this.tab === "facts" && this.frame !== null) {
      this.put(frameFacts(this.frame, this.model, this.sequence, this.linkOf));
    }
  }

  saySize(most) {
    const whole = this.frame.z ?? this.bytes.length;
    const isCut = most !== null && this.bytes.length < whole;
    replaceChildren(this.size, isCut
      ? [`The first ${sizeText(this.bytes.length)} of ${sizeText(whole)}. `, button("Show all", () => this.load(null), { class: "small" })]
      : `${countText(this.bytes.length)} bytes`);
    this.isCut = isCut;
  }

  choose(tab) {
    this.tab = tab;
    this.paint();
  }

  async paint() {
    this.tabs.forEach((element, index) => {
      const isChosen = TABS[index][0] === this.tab;
      element.setAttribute("aria-selected", String(isChosen));
      element.tabIndex = isChosen ? 0 : -1;
    });
    this.content.setAttribute("aria-labelledby", `tab-${this.tab}`);
    if (this.bytes === null) {
      return;
    }

    if (this.tab === "facts") {
      this.put(frameFacts(this.frame, this.model, this.sequence, this.linkOf));
    } else if (this.frame.bad !== undefined) {
      this.put(notice("This frame cannot be read", [visible(this.frame.bad), "Other frames of the session are not affected. If it is encrypted, the server needs the key ring that it was written with."], [], "bad"));
    } else if (this.bytes.length === 0) {
      this.put(notice("No message", "The frame records an event of the transport. What is known of it stands under Details.", [["Details", () => this.choose("facts")]]));
    } else if (this.tab === "text") {
      this.put(textOfBytes(this.bytes));
    } else if (this.tab === "bytes") {
      this.put(new BytesView(this.bytes));
    } else if (this.bytes.length > MOST_FORMATTED_BYTES) {
      this.put(notice("Too large to be formatted", `The message has ${sizeText(this.bytes.length)}. It is shown as text, or by its bytes.`, [["As text", () => this.choose("text")], ["Bytes", () => this.choose("bytes")]]));
    } else {
      await this.paintJson();
    }
  }

  async paintJson() {
    const { bytes } = this;
    const formatted = this.formatted ?? await formatJson(bytes);
    if (bytes === this.bytes && this.tab === "json") {
      this.formatted = formatted;
      this.put(new JsonView(formatted, this.isCut));
    }
  }

  /** Puts a view, or an element, in the place of what was shown. */
  put(view) {
    this.drop();
    this.view = view;
    this.content.replaceChildren(view.element ?? view);
  }

  drop() {
    this.view?.dispose?.();
    this.view = null;
  }

  copy() {
    if (this.bytes === null) {
      return;
    }

    const text = this.tab === "json" && this.formatted !== null ? formattedText(this.formatted.text, this.formatted.lines) : new TextDecoder().decode(this.bytes);
    copyAndSay(text, this.isCut ? "the beginning of the message" : "the message");
  }

  walk(step) {
    const members = this.model.conversation(this.sequence);
    const next = members[members.indexOf(this.sequence) + step];
    if (next !== undefined) {
      this.onGo(next);
    }
  }

  tabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const at = (TABS.findIndex(([name]) => name === this.tab) + step + TABS.length) % TABS.length;
      this.choose(TABS[at][0]);
      this.tabs[at].focus();
    }
  }

  tool(name, label, action) {
    const made = button("", action, { class: "quiet", "aria-label": label, title: label });
    made.append(icon(name));
    return made;
  }
}
