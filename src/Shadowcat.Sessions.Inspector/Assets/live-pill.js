/** Says whether what is shown is live, and what can be done about it. */
import { button, el, setText } from "./dom.js";
import { visibleLines } from "./visible.js";

/** The pill of a stream. `onPause` and `onResume` are what its button does. */
export class LivePill {
  constructor(onPause, onResume) {
    this.onPause = onPause;
    this.onResume = onResume;
    this.dot = el("span", { class: "dot", "aria-hidden": "true" });
    this.word = el("span", { role: "status" });
    this.countdown = el("span");
    this.act = button("", () => this.pressed(), { class: "quiet" });
    this.element = el("div", { class: "pill", hidden: true }, this.dot, this.word, this.countdown, this.act);
    this.timer = 0;
  }

  dispose() {
    clearInterval(this.timer);
  }

  show(stream) {
    this.stream = stream;
    this.element.hidden = false;
    clearInterval(this.timer);
    if (stream.state === "waiting") {
      this.timer = setInterval(() => this.write(), 1000);
    }

    this.write();
  }

  write() {
    const { state, reason, detail, retryAt, why } = this.stream;
    const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    const [word, kind, act] = {
      connecting: ["Connecting…", "idle", ""],
      live: ["Live", "live", "Pause"],
      waiting: [`${notLive(why)}.`, "bad", "Try now"],
      failing: [notLive(why), "bad", ""],
      away: ["Not live: the store is away", "bad", ""],
      paused: ["Paused", "idle", "Resume"],
      ended: ENDED_WORDS[reason] ?? ["Not live", "idle", "Resume"],
    }[state];
    this.element.className = `pill ${kind}`;
    this.element.title = visibleLines(detail);
    setText(this.word, word);

    // Outside of what a screen reader is told: it would read every second.
    setText(this.countdown, state === "waiting" ? `Next try in ${seconds} s` : "");
    this.countdown.hidden = state !== "waiting";
    setText(this.act, act);
    this.act.hidden = act === "";
  }

  pressed() {
    if (this.stream.state === "live") {
      this.onPause();
    } else if (this.stream.state === "waiting") {
      this.stream.retry();
    } else {
      this.onResume(this.stream.reason);
    }
  }
}

function notLive(why = "") {
  return `Not live: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
}

const ENDED_WORDS = {
  closed: ["Complete", "idle", ""],
  gone: ["Not live: the session is gone", "bad", ""],
  trimmed: ["Not live: frames were trimmed before they came", "bad", "Resume"],
  lost: ["Not live: frames were lost", "bad", "Resume"],
  refused: ["Not live: not allowed", "bad", "Resume"],
  unsupported: ["Not live: the store cannot follow", "idle", ""],
};
