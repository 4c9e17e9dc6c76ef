import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceText, durationText, parseDuration, parseMoment, parseSize, sizeText } from "../../../src/Shadowcat.Sessions.Inspector/Assets/units.js";

test("parseDuration reads units and refuses others", () => {
  assert.deepEqual(["100ms", "1.5s", "2m", "1h", "2d"].map(parseDuration), [100, 1500, 120_000, 3_600_000, 172_800_000]);
  assert.deepEqual(["", "5", "1 fortnight", "-1s"].map(parseDuration), [null, null, null, null]);
});

test("parseSize reads units", () => {
  assert.deepEqual(["500", "10kb", "2MiB", "x"].map(parseSize), [500, 10_240, 2_097_152, null]);
});

test("parseMoment reads dates and refuses what only looks like one", () => {
  assert.equal(parseMoment("2026-11-30T10:00Z", 0), Date.parse("2026-11-30T10:00:00Z"));
  assert.equal(parseMoment("2026-13-45", 0), null);
  assert.equal(parseMoment("yesterday", 0), null);
});

test("durations and sizes are written for people", () => {
  assert.deepEqual([0.4, 12, 1250, 61_000, 90_000_000].map((ms) => durationText(ms)), ["0.4 ms", "12 ms", "1.25 s", "1 min 1 s", "1 d 1 h"]);
  assert.deepEqual([0, 812, 1434, 12 * 1024 ** 2].map(sizeText), ["0 B", "812 B", "1.4 KiB", "12.0 MiB"]);
  assert.equal(distanceText(1000, 181_000), "3 min ago");
});
