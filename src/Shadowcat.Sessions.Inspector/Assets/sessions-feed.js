/** The list of sessions, page by page while it is scrolled, and kept up at its head. */
import { getJson } from "./api.js";
import { LiveStream } from "./live-stream.js";
import { debounced } from "./scheduling.js";

const FIRST_PAGE = 60;
const NEXT_PAGE = 250;
const HEAD_PAGE = 100;
const POLL_MS = 2000;
const LOOK_MS = 5000;
const CHANGES_PAUSE_MS = 250;

export class SessionsFeed {
  /** Listeners: `onChange()`, `onProblem(problem)`, `onLive(stream)`. */
  constructor(listeners) {
    this.listeners = listeners;
    this.peers = new Map();
    this.live = new LiveStream("changes", () => ({}), () => this.headSoon(), () => this.liveChanged());
    this.headSoon = debounced(CHANGES_PAUSE_MS, () => this.readHead());
    this.polling = 0;
    this.away = null;
    this.clear();
  }

  /** Begins a list anew, for another search or order. */
  async search(query, order) {
    this.stopping?.abort();
    this.stopping = new AbortController();
    Object.assign(this, { query, order });
    this.clear();
    await this.more(FIRST_PAGE);
  }

  /** Lists nothing, until something else is searched for. */
  stop() {
    this.stopping?.abort();
    this.clear();
  }

  /** Reads again what could not be read. */
  retry() {
    return this.order === "oldest" ? this.more() : this.readHead();
  }

  /** Starts to keep the list up. */
  watch() {
    this.live.start();
  }

  close() {
    this.stopping?.abort();
    this.live.close();
    clearInterval(this.polling);
  }

  /** Reads the next page, unless one is being read or there is none. */
  async more(size = NEXT_PAGE) {
    if (this.isReading || (this.isStarted && this.next === null)) {
      return;
    }

    this.isReading = true;
    const { signal } = this.stopping;
    try {
      const page = await getJson("sessions", { q: this.query, order: this.order, size, after: this.next, zone: new Date().getTimezoneOffset() }, signal);
      this.sessions = this.sessions.concat(page.sessions.map((session) => this.compact(session)));
      this.next = page.next;
      this.total = page.total ?? this.total;
      this.isStarted = true;
      this.succeed();
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** Reads the head of the list anew: what is new stands on top, what changed is changed, what went is gone. */
  async readHead() {
    if (this.isReading || !this.isStarted || this.order === "oldest" || document.visibilityState === "hidden") {
      return;
    }

    const { signal } = this.stopping;
    this.isReading = true;
    try {
      const page = await getJson("sessions", { q: this.query, order: this.order, size: HEAD_PAGE, zone: new Date().getTimezoneOffset() }, signal);
      const head = page.sessions.map((session) => this.compact(session));
      const last = head[head.length - 1];
      const at = last === undefined ? -1 : this.sessions.findIndex((session) => session.id === last.id);
      const isWhole = page.next === null || at < 0;
      this.sessions = isWhole ? head : head.concat(this.sessions.slice(at + 1));
      this.next = isWhole ? page.next : this.next;
      this.total = page.total ?? this.total;
      this.succeed();
    } catch (error) {
      this.fail(error, signal);
    }
  }

  /** Takes sessions out that were deleted here. */
  remove(ids) {
    const gone = new Set(ids);
    this.sessions = this.sessions.filter((session) => !gone.has(session.id));
    this.total = this.total === null ? null : Math.max(0, this.total - gone.size);
    this.listeners.onChange();
  }

  clear() {
    this.sessions = [];
    this.next = null;
    this.total = null;
    this.isStarted = false;
    this.isReading = false;
    this.problem = null;
  }

  /** What a row shows, and no more: 100 000 of them stay small. */
  compact(session) {
    return {
      id: session.id,
      status: session.status,
      transport: session.transport,
      client: this.peer(session.client),
      server: this.peer(session.server),
      version: session.version?.negotiated ?? null,
      tags: session.tags?.length > 0 ? session.tags : null,
      protected: session.protected,
      frames: session.frames,
      created: Date.parse(session.createdAt),
      active: Date.parse(session.lastActivity),
    };
  }

  peer(peer) {
    if (!peer) {
      return null;
    }

    const key = `${peer.name}\n${peer.version}\n${peer.title ?? ""}`;
    if (!this.peers.has(key)) {
      this.peers.set(key, { name: peer.name, version: peer.version, title: peer.title });
    }

    return this.peers.get(key);
  }

  /** Whether the store cannot say what changed. */
  get isPolling() {
    return this.live.state === "ended" && (this.live.reason === "unsupported" || this.live.reason === "gone");
  }

  succeed() {
    this.isReading = false;
    this.problem = null;
    this.become(null);
    this.listeners.onChange();
  }

  fail(error, signal) {
    if (error.name !== "AbortError" && !signal.aborted) {
      this.isReading = false;
      this.problem = error;
      this.become(error.isPassing ? error : null);
      this.listeners.onProblem(error);
    }
  }

  /** A list that cannot be read is not live, whatever its stream says. */
  become(away) {
    if (away?.title !== this.away?.title) {
      this.away = away;
      this.sayLive();
    }
  }

  /** A store that cannot say what changed is asked every two seconds; one that can may not know of every process that writes. */
  liveChanged() {
    clearInterval(this.polling);
    const isUnsupported = this.isPolling;
    if (isUnsupported || this.live.state === "live") {
      this.polling = setInterval(() => this.readHead(), isUnsupported ? POLL_MS : LOOK_MS);
      this.headSoon();
    }

    this.sayLive();
  }

  sayLive() {
    const { reason, detail, retryAt, why } = this.live;
    const state = this.isPolling ? "live" : this.live.state;
    this.listeners.onLive(state === "live" && this.away !== null
      ? { state: this.away.status === 503 ? "away" : "failing", detail: this.away.message, why: this.away.title }
      : { state, reason, detail, retryAt, why, retry: () => this.live.retry() });
  }
}
