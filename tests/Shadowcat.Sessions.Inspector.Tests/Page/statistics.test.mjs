import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameModel } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-model.js";
import { FrameStatistics, percentile, timeSlots } from "../../../src/Shadowcat.Sessions.Inspector/Assets/statistics.js";
import { alignLists } from "../../../src/Shadowcat.Sessions.Inspector/Assets/difference.js";
import { compareCalls, comparedCalls } from "../../../src/Shadowcat.Sessions.Inspector/Assets/compare-model.js";

/** Calls of one tool that take the given times. */
function modelOf(durations, isError = () => false) {
  const model = new FrameModel();
  model.open(0, 0);
  durations.forEach((duration, index) => model.append([
    { s: 2 * index, t: 1000 * index, d: "c", k: "request", m: "tools/call", n: "echo", i: String(index), z: 100 },
    { s: 2 * index + 1, t: 1000 * index + duration, d: "s", k: isError(index) ? "error" : "response", i: String(index), z: 300 },
  ]));
  return model;
}

test("percentile is the nearest rank", () => {
  const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  assert.deepEqual([0.5, 0.95, 0.99, 1].map((share) => percentile(sorted, share)), [50, 95, 99, 100]);
  assert.equal(percentile(Float64Array.of(7), 0.99), 7);
});

test("statistics count calls, errors and durations by method and tool", () => {
  const statistics = new FrameStatistics(modelOf([10, 30, 20], (index) => index === 1), null);
  assert.equal(statistics.advance(Infinity), true);
  const group = statistics.tools.get("tools/call echo");
  assert.deepEqual([statistics.frames, statistics.bytes, statistics.errors], [6, 1200, 1]);
  assert.deepEqual([group.calls, group.errors, group.bytes], [3, 1, 1200]);
  assert.deepEqual(group.percentiles, { p50: 20, p95: 30, p99: 30, most: 30 });
  assert.deepEqual(statistics.slowest.map((call) => call.duration), [30, 20, 10]);
});

test("statistics keep the slowest twenty", () => {
  const statistics = new FrameStatistics(modelOf(Array.from({ length: 50 }, (_, index) => (index * 37) % 50)), null);
  statistics.advance(Infinity);
  assert.deepEqual(statistics.slowest.map((call) => call.duration), Array.from({ length: 20 }, (_, index) => 49 - index));
});

test("timeSlots puts the last moment into the last slot", () => {
  assert.deepEqual(timeSlots([0, 1, 99, 100], 0, 100, 2), [2, 2]);
  assert.deepEqual(timeSlots([5], 5, 5, 2), [1, 0]);
});

const align = (left, right) => alignLists([...left], [...right], (one, other) => one === other).map((pair) => [left[pair.left] ?? "-", right[pair.right] ?? "-"].join(""));

test("alignLists finds what two lists share", () => {
  assert.deepEqual(align("abc", "abc"), ["aa", "bb", "cc"]);
  assert.deepEqual(align("abcd", "axcd"), ["aa", "b-", "-x", "cc", "dd"]);
  assert.deepEqual(align("", "ab"), ["-a", "-b"]);
  assert.equal(align("abcabba", "cbabac").filter((pair) => pair[0] === pair[1]).length, 4);
});

test("alignLists ends with long strangers", () => {
  const left = Array.from({ length: 5000 }, (_, index) => "l" + index);
  const right = Array.from({ length: 5000 }, (_, index) => "r" + index);
  assert.equal(alignLists(left, right, (one, other) => one === other).length, 10_000);
});

test("compareCalls marks what differs", () => {
  const left = comparedCalls(modelOf([10, 10, 10]));
  const right = comparedCalls(modelOf([12, 10, 500], (index) => index === 1));
  assert.deepEqual(compareCalls(left, right).map((row) => [row.state, row.differences]), [["same", []], ["changed", ["outcome"]], ["changed", ["duration"]]]);
});
