/**
 * Follows a stream of events and never gives up by itself: after a break it connects again, later each time, from where it was.
 * States: `connecting`, `live`, `waiting` (with the time of the next attempt), `away` (the store cannot be reached), `paused`, `ended`.
 */
import { Problem, getEvents } from "./api.js";
import { pause } from "./scheduling.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** After so long a page that nobody sees follows nothing: what it missed it gets when it is seen again. */
const UNSEEN_MS = 30_000;

export class LiveStream {
  /** `parameters()` says where to follow from, `onEvent(event, data)` takes what comes, `onState()` is called after each change. */
  constructor(path, parameters, onEvent, onState) {
    this.path = path;
    this.parameters = parameters;
    this.onEvent = onEvent;
    this.onState = onState;
    this.state = "paused";
    this.detail = "";
    this.retryAt = 0;
    this.why = "";
    this.waited = FIRST_WAIT_MS;
    this.isAsleep = false;
    this.seen = () => this.visibilityChanged();
    document.addEventListener("visibilitychange", this.seen);
  }

  async start() {
    if (this.state === "connecting" || this.state === "live" || this.state === "waiting") {
      return;
    }

    this.stopping = new AbortController();
    const { signal } = this.stopping;
    this.waited = FIRST_WAIT_MS;
    while (!signal.aborted) {
      this.become("connecting");
      const problem = await this.connect(signal);
      if (signal.aborted || this.state === "ended") {
        return;
      }

      if (problem !== null && !problem.isPassing) {
        this.end(problem.status === 404 ? "gone" : "refused", problem.message);
        return;
      }

      await this.wait(problem, signal);
    }
  }

  pause() {
    this.isAsleep = false;
    this.stopping?.abort();
    this.become("paused");
  }

  /** Ends for good. */
  close() {
    clearTimeout(this.sleeping);
    document.removeEventListener("visibilitychange", this.seen);
    this.pause();
  }

  visibilityChanged() {
    clearTimeout(this.sleeping);
    if (document.visibilityState === "hidden") {
      this.sleeping = setTimeout(() => this.sleep(), UNSEEN_MS);
    } else if (this.isAsleep) {
      this.isAsleep = false;
      this.start();
    }
  }

  sleep() {
    if (this.state !== "paused" && this.state !== "ended") {
      this.pause();
      this.isAsleep = true;
    }
  }

  /** Tries again at once instead of waiting. */
  retry() {
    this.hurry?.abort();
  }

  end(state, detail) {
    this.stopping?.abort();
    this.reason = state;
    this.become("ended", detail);
  }

  /** The stream says itself whether the store behind it can be reached. */
  become(state, detail = "") {
    this.state = state;
    this.detail = detail;
    this.onState();
  }

  async connect(signal) {
    try {
      await getEvents(this.path, this.parameters(), (status) => this.opened(status), (event) => this.take(event), signal);
      return null;
    } catch (error) {
      return error instanceof Problem ? error : new Problem(0, "The connection broke", error.message);
    }
  }

  opened(status) {
    if (status !== 200) {
      this.end("unsupported", "");
      return;
    }

    this.waited = FIRST_WAIT_MS;
    this.become("live");
  }

  take({ event, data }) {
    const value = JSON.parse(data);
    if (event === "away") {
      this.become("away", value?.detail ?? "");
    } else if (event === "live") {
      this.become("live");
    } else if (event === "end") {
      this.end(value.reason, value.detail ?? "");
    } else {
      this.onEvent(event, value);
    }
  }

  async wait(problem, signal) {
    const ms = Math.max(problem?.retryAfter ? problem.retryAfter * 1000 : 0, this.waited * (0.75 + Math.random() / 2));
    this.waited = Math.min(this.waited * 2, LONGEST_WAIT_MS);
    this.retryAt = Date.now() + ms;
    this.why = problem?.title ?? "The server ended the stream";
    this.become("waiting", problem?.message ?? "");
    this.hurry = new AbortController();
    await pause(ms, AbortSignal.any([signal, this.hurry.signal]));
  }
}
