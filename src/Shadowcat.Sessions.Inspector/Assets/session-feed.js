/** Brings a session into a model: the newest frames at once, the older ones page by page behind them, the coming ones live. */
import { Problem, sessionPath } from "./api.js";
import { FrameModel } from "./frame-model.js";
import { LiveStream } from "./live-stream.js";
import { nextPaint, nextTurn, pause } from "./scheduling.js";

const NEWEST_FRAMES = 120;
const PAGE_FRAMES = 1000;
const RETRY_MS = 2000;
const SOME_FRAMES = 5000;

export class SessionFeed {
  /** Listeners: `onSession(session)`, `onFrames()` after each change of the model, `onProblem(problem)`, `onLive(stream)`. */
  constructor(source, listeners) {
    this.source = source;
    this.listeners = listeners;
    this.model = new FrameModel();
    this.session = null;
    this.stopping = new AbortController();
    this.live = source.canFollow
      ? new LiveStream(`${sessionPath(source.id)}/follow`, () => ({ from: this.model.end }), (event, value) => this.take(event, value), () => this.liveChanged())
      : null;
  }

  async open() {
    const { signal } = this.stopping;
    try {
      const [session, newest] = await Promise.all([this.source.session(signal), this.source.newestFrames(NEWEST_FRAMES, signal)]);
      this.session = session;
      this.model.open(newest.kept, newest.next);
      this.model.prepend(newest.frames, newest.frames[0]?.s ?? newest.next);
      this.listeners.onSession(session);
      this.listeners.onFrames();
    } catch (error) {
      this.report(error);
      return;
    }

    // What is read in the background would hold up the first picture.
    await nextPaint();
    if (signal.aborted) {
      return;
    }

    this.live?.start();
    await this.loadOlder(signal);
    if (this.live === null) {
      await this.loadNewer(signal);
    }
  }

  close() {
    this.stopping.abort();
    this.live?.close();
  }

  /** How many frames the store has that are not on their way yet; some always are. */
  get behind() {
    const frames = (this.session?.frames ?? 0) - this.model.end;
    return this.live !== null && frames > SOME_FRAMES ? frames : 0;
  }

  /** Fetches what is older, a page at a time, so that no page holds up what is painted. */
  async loadOlder(signal) {
    while (this.model.isLoading && !signal.aborted) {
      const to = this.model.loadedFrom;
      const from = Math.max(this.model.start, to - PAGE_FRAMES);
      try {
        const frames = await this.range(from, to, signal);
        await nextTurn();
        if (!signal.aborted) {
          this.model.prepend(frames, from);
          this.listeners.onFrames();
        }
      } catch (error) {
        if (error instanceof Problem && error.first !== null) {
          this.model.trim(error.first);
        } else if (signal.aborted || !(error instanceof Problem && error.isPassing)) {
          this.report(error);
          return;
        } else {
          await pause(RETRY_MS, signal);
        }
      }

      await nextTurn();
    }
  }

  /** The frames of a range; a page of large frames may be shorter than what was asked for. */
  async range(from, to, signal) {
    const frames = [];
    let at = from;
    while (at < to && !signal.aborted) {
      const page = await this.source.frames(at, to - at, signal);
      frames.push(...page.frames);
      if (!(page.next > at)) {
        break;
      }

      at = page.next;
    }

    return frames;
  }

  /** What came after the first look, where nothing brings it live. */
  async loadNewer(signal) {
    try {
      const end = this.session.frames;
      while (this.model.end < end && !signal.aborted) {
        const before = this.model.end;
        this.model.append(await this.range(before, Math.min(end, before + PAGE_FRAMES), signal));
        this.listeners.onFrames();
        if (this.model.end === before) {
          return;
        }

        await nextTurn();
      }
    } catch (error) {
      this.report(error);
    }
  }

  take(event, value) {
    if (event === "frames") {
      this.model.append(value);
      this.listeners.onFrames();
    } else if (event === "session") {
      this.renew(value);
    }
  }

  /** A session of the same id in another generation is another session: everything is read anew. So it is where the page is so far behind that it would keep nothing of what it has. */
  renew(session) {
    if (session.generation !== this.session.generation || session.frames - this.model.end > this.model.most) {
      this.close();
      this.listeners.onReplaced();
      return;
    }

    this.session = session;
    this.model.trim(session.first);
    this.listeners.onSession(session);
    this.listeners.onFrames();
  }

  liveChanged() {
    this.listeners.onLive(this.live);
    if (this.live.state === "ended" && this.live.reason === "closed") {
      this.source.session(this.stopping.signal).then((session) => this.renew(session), (error) => this.report(error));
    }
  }

  report(error) {
    if (error.name !== "AbortError") {
      this.listeners.onProblem(error);
    }
  }
}
