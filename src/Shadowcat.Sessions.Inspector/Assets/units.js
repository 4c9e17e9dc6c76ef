/** Times, durations and sizes: read from what a user types, and written for people. */
const DURATION_UNITS = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const SIZE_UNITS = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

/** Milliseconds of `100ms`, `1.5s`, `30m`, `2d`; null where it is none of these. */
export function parseDuration(text) {
  const match = /^(\d+(?:\.\d+)?)(ms|s|min|m|h|d|w)$/i.exec(text);
  return match ? Number(match[1]) * DURATION_UNITS[match[2].toLowerCase()] : null;
}

/** Bytes of `500`, `10kb`, `2MiB`; null where it is none of these. */
export function parseSize(text) {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(text);
  return match ? Number(match[1]) * SIZE_UNITS[(match[2] ?? "b").toLowerCase()] : null;
}

/** The moment that `1h` (ago), `2026-11-30` or `2026-11-30T10:00` names, in ms since 1970; null where it is none. */
export function parseMoment(text, now) {
  const ago = parseDuration(text);
  if (ago !== null) {
    return now - ago;
  }

  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;
  const moment = form.test(text) ? Date.parse(text.length === 10 ? text + "T00:00" : text) : NaN;
  return Number.isNaN(moment) ? null : moment;
}

/** `10:04:09.120` by the clock of the viewer. */
export function clockText(time) {
  const date = new Date(time);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** `2026-11-30 10:04:09` by the clock of the viewer. */
export function momentText(time) {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? "—"
    : `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

/** `3 min ago`, `in 2 h`: how far a moment is from now. */
export function distanceText(time, now) {
  const away = Math.abs(now - time);
  if (away < 1000) {
    return "now";
  }

  const amount = durationText(away, true);
  return time <= now ? `${amount} ago` : `in ${amount}`;
}

/** `0.4 ms`, `12 ms`, `1.25 s`, `3 min 20 s`, `2 d 4 h`; coarse gives whole units and one of them. */
export function durationText(ms, coarse = false) {
  if (!Number.isFinite(ms)) {
    return "—";
  }

  if (ms < 1000 && !coarse) {
    return ms < 1 ? `${Math.round(ms * 100) / 100} ms` : `${Math.round(ms)} ms`;
  }

  if (ms < 60_000) {
    return coarse ? `${Math.round(ms / 1000)} s` : `${(ms / 1000).toFixed(2)} s`;
  }

  const steps = [["d", 86_400_000, "h", 3_600_000], ["h", 3_600_000, "min", 60_000], ["min", 60_000, "s", 1000]];
  const [unit, size, smaller, smallerSize] = steps.find((step) => ms >= step[1]);
  const whole = Math.floor(ms / size);
  const rest = Math.floor((ms - whole * size) / smallerSize);
  return coarse || rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smaller}`;
}

/** `812 B`, `1.4 KiB`, `12 MiB`. */
export function sizeText(bytes) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }

  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}

/** `12 345`: groups of three, with spaces that do not break. */
export function countText(count) {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** `1 frame`, `12 frames`. */
export function plural(count, word) {
  return `${countText(count)} ${word}${count === 1 ? "" : "s"}`;
}

function twoDigits(number) {
  return number < 10 ? "0" + number : String(number);
}
