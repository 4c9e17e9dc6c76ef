/** What the charts show, computed from the frames that the filter selects, in steps. */
import { CHUNK_SIZE, FROM, KIND, OUTCOME } from "./frame-chunk.js";

const STATISTICS_STEP = 2000;
const MOST_SLOWEST = 20;
const MOST_GROUPS = 2000;
const SIZE_BOUNDS = [128, 512, 2048, 8192, 32_768, 131_072, 524_288, 2_097_152, Infinity];

/** Calls of one method or tool. */
class CallGroup {
  constructor(name) {
    this.name = name;
    this.calls = 0;
    this.errors = 0;
    this.pending = 0;
    this.bytes = 0;
    this.durations = [];
  }

  /** p50, p95, p99 and the longest, in ms; null without an answered call. */
  get percentiles() {
    if (this.durations.length === 0) {
      return null;
    }

    const sorted = Float64Array.from(this.durations).sort();
    return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), p99: percentile(sorted, 0.99), most: sorted[sorted.length - 1] };
  }
}

export class FrameStatistics {
  constructor(model, test) {
    this.model = model;
    this.test = test;
    this.at = model.loadedFrom;
    this.revision = model.revision;
    this.frames = 0;
    this.bytes = 0;
    this.errors = 0;
    this.first = Infinity;
    this.last = -Infinity;
    this.methods = new Map();
    this.tools = new Map();
    this.slowest = [];
    this.times = { client: [], server: [] };
    this.sizes = SIZE_BOUNDS.map((bound) => ({ bound, client: 0, server: 0 }));
  }

  /** Looks at frames until the time is used up; true when all are looked at. */
  advance(deadline) {
    while (this.at < this.model.end && performance.now() < deadline) {
      const until = Math.min(this.at + STATISTICS_STEP, this.model.end);
      for (; this.at < until; this.at++) {
        const chunk = this.model.chunkOf(this.at);
        const kind = chunk?.kind[this.at % CHUNK_SIZE] ?? KIND.absent;
        if (kind !== KIND.absent && kind < KIND.bad && (this.test === null || this.test(this.at))) {
          this.take(chunk, this.at % CHUNK_SIZE, this.at);
        }
      }
    }

    return this.at >= this.model.end;
  }

  take(chunk, at, sequence) {
    const time = chunk.time[at];
    const side = chunk.from[at] === FROM.client ? "client" : "server";
    this.frames++;
    this.bytes += chunk.size[at];
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    this.times[side].push(time);
    this.sizes[SIZE_BOUNDS.findIndex((bound) => chunk.size[at] <= bound)][side]++;
    if (chunk.kind[at] === KIND.request) {
      this.call(chunk, at, sequence);
    }
  }

  call(chunk, at, sequence) {
    const method = chunk.texts[chunk.method[at]];
    const name = chunk.texts[chunk.name[at]];
    const groups = [groupOf(this.methods, method), name === "" ? null : groupOf(this.tools, `${method} ${name}`)];
    const duration = this.model.duration(sequence);
    const isError = chunk.outcome[at] === OUTCOME.error || chunk.outcome[at] === OUTCOME.toolError;
    const isClosed = chunk.outcome[at] === OUTCOME.closed || chunk.outcome[at] === OUTCOME.cancelled;
    const isPending = chunk.outcome[at] === OUTCOME.pending;
    this.errors += isError ? 1 : 0;
    for (const group of groups) {
      if (group !== null) {
        group.calls++;
        group.errors += isError ? 1 : 0;
        group.pending += isPending ? 1 : 0;
        group.bytes += chunk.size[at] + this.model.column("size", sequence + chunk.mate[at]) * (chunk.mate[at] === 0 ? 0 : 1);
        if (!Number.isNaN(duration) && !isClosed) {
          group.durations.push(duration);
        }
      }
    }

    if (!Number.isNaN(duration)) {
      this.noteSlow({ sequence, method, name, duration, isError: isError || isClosed });
    }
  }

  noteSlow(call) {
    const last = this.slowest[this.slowest.length - 1];
    if (this.slowest.length === MOST_SLOWEST && call.duration <= last.duration) {
      return;
    }

    const at = this.slowest.findIndex((other) => other.duration < call.duration);
    this.slowest.splice(at < 0 ? this.slowest.length : at, 0, call);
    this.slowest.length = Math.min(this.slowest.length, MOST_SLOWEST);
  }
}

/** Counts times in `slots` equal parts of a range. */
export function timeSlots(times, first, last, slots) {
  const counts = new Array(slots).fill(0);
  const width = Math.max(1, last - first) / slots;
  for (const time of times) {
    counts[Math.min(slots - 1, Math.floor((time - first) / width))]++;
  }

  return counts;
}

/** The value below which a share of the sorted values lies: the nearest rank. */
export function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

function groupOf(groups, name) {
  let group = groups.get(name);
  if (group === undefined) {
    const key = groups.size < MOST_GROUPS ? name : "(others)";
    group = groups.get(key) ?? new CallGroup(key);
    groups.set(key, group);
  }

  return group;
}
