import assert from "node:assert/strict";
import { test } from "node:test";
import { CHUNK_SIZE, KIND, OUTCOME } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-chunk.js";
import { FrameModel } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-model.js";
import { FrameSelection } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-selection.js";
import { FRAME_FIELDS, frameTest } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-fields.js";
import { LogAttribution } from "../../../src/Shadowcat.Sessions.Inspector/Assets/log-attribution.js";
import { selectedRanges } from "../../../src/Shadowcat.Sessions.Inspector/Assets/selected-ranges.js";
import { parseSearch } from "../../../src/Shadowcat.Sessions.Inspector/Assets/grammar.js";

const request = (s, i, more = {}) => ({ s, t: 1000 + s * 10, d: "c", k: "request", m: "tools/call", i, z: 10, ...more });
const answer = (s, i, more = {}) => ({ s, t: 1000 + s * 10, d: "s", k: "response", i, z: 20, ...more });

/** The same frames, appended one by one, and loaded page by page from the end. */
function bothWays(frames, page, check) {
  test("appended", () => {
    const model = new FrameModel();
    model.open(frames[0].s, frames[0].s);
    frames.forEach((frame) => model.append([frame]));
    check(model);
  });
  test(`loaded in pages of ${page}`, () => {
    const model = new FrameModel();
    model.open(frames[0].s, frames[frames.length - 1].s + 1);
    for (let end = frames.length; end > 0; end -= page) {
      const part = frames.slice(Math.max(0, end - page), end);
      model.prepend(part, part[0].s);
    }

    check(model);
  });
}

bothWays([request(0, "1", { n: "echo" }), request(1, "2"), answer(2, "2"), answer(3, "1")], 2, (model) => {
  assert.equal(model.duration(0), 30);
  assert.equal(model.duration(3), 30);
  assert.equal(model.text("name", 3), "echo");
  assert.equal(model.text("method", 2), "tools/call");
  assert.equal(model.column("outcome", 0), OUTCOME.ok);
  assert.deepEqual(model.conversation(3), [0, 3]);
});

bothWays([request(0, "1"), request(1, '"1"'), answer(2, '"1"'), request(3, "1"), answer(4, "1")], 2, (model) => {
  assert.equal(model.column("mate", 1), 1, "an id of text is not an id of number");
  assert.equal(model.column("mate", 3), 1, "the newest request of an id is answered");
  assert.equal(model.column("outcome", 0), OUTCOME.pending);
});

bothWays([request(0, "1", { x: "a" }), request(1, "1", { x: "b" }), answer(2, "1", { x: "a" }), answer(3, "1", { x: "b", k: "error", e: { code: -1, message: "no" } })], 1, (model) => {
  assert.equal(model.column("mate", 0), 2, "exchanges tell equal ids apart");
  assert.equal(model.column("outcome", 1), OUTCOME.error);
});

bothWays([request(0, "7", { x: "a" }), { s: 1, t: 1, d: "c", k: "notification", m: "notifications/cancelled", ri: "7", x: "b" }, request(2, "8", { x: "c" }), { s: 3, t: 1, d: "i", k: "unparsed", x: "c", f: ["ended"], en: { how: "broken", by: "server" } }], 1, (model) => {
  assert.equal(model.column("outcome", 0), OUTCOME.cancelled);
  assert.equal(model.column("outcome", 2), OUTCOME.closed);
  assert.deepEqual(model.conversation(1), [0, 1]);
});

bothWays([
  request(0, "1", { pt: "p" }), { s: 1, t: 1, d: "s", k: "notification", m: "notifications/progress", pt: "p" }, answer(2, "1", { rs: "state" }),
  request(3, "2", { rs: "state" }), answer(4, "2", { ti: "task" }), request(5, "3", { ti: "task", m: "tasks/get" }), answer(6, "3", { ti: "task" }),
  request(7, "4", { pt: "p" }), { s: 8, t: 1, d: "s", k: "notification", m: "notifications/progress", pt: "p" },
], 2, (model) => {
  assert.deepEqual(model.conversation(6), [0, 1, 2, 3, 4, 5, 6], "progress, retry and polls belong to the call");
  assert.deepEqual(model.conversation(8), [7, 8], "a token that is used again begins anew");
});

test("append marks what was skipped, prepend what is missing", () => {
  const model = new FrameModel();
  model.open(0, 3);
  model.prepend([request(2, "1")], 0);
  model.append([request(6, "2")]);
  assert.deepEqual([0, 1, 2, 3, 5, 6].map((s) => model.column("kind", s)), [KIND.missing, KIND.missing, KIND.request, KIND.missing, KIND.missing, KIND.request]);
  assert.equal(model.isLoading, false);
});

test("append twice takes each frame once", () => {
  const model = new FrameModel();
  model.open(0, 0);
  assert.equal(model.append([request(0, "1"), request(1, "2")]), 2);
  assert.equal(model.append([request(1, "2"), request(2, "3")]), 1);
  assert.equal(model.count, 3);
});

test("append beyond the bound drops the oldest chunk and says so", () => {
  const model = new FrameModel(2);
  model.open(0, 0);
  for (let s = 0; s < CHUNK_SIZE * 3; s += 2) {
    model.append([request(s, String(s)), answer(s + 1, String(s))]);
  }

  assert.equal(model.start, CHUNK_SIZE);
  assert.equal(model.droppedTo, CHUNK_SIZE);
  assert.equal(model.chunks.size, 2);
  assert.equal(model.duration(CHUNK_SIZE * 2), 10);
});

function selected(model, search, byCall = false) {
  const selection = new FrameSelection(model);
  const { terms, error } = parseSearch(search, FRAME_FIELDS, 2000);
  assert.equal(error, null);
  selection.select(frameTest(model, terms), byCall);
  while (!selection.isComplete) {
    selection.advance(Infinity);
  }

  return selection;
}

test("the filter finds by each field", () => {
  const model = new FrameModel();
  model.open(0, 0);
  model.append([
    request(0, "1", { n: "echo", z: 20_000 }), answer(1, "1", { t: 1500 }), request(2, '"one"', { d: "s", m: "sampling/createMessage" }),
    { s: 3, t: 1, d: "s", k: "notification", m: "notifications/message", lv: "error" }, { s: 4, bad: "no key" }, { s: 5, t: 1, d: "s", k: "error", i: "9", e: { code: -32602, message: "Wrong thing" } },
  ]);
  const cases = { "method:tools": [0, 1], "tool:ech": [0, 1], "dir:client": [0], "id:one": [2], "id:1": [0, 1], "kind:unreadable": [4], "status:ok": [0, 1], "status:pending": [2], "level:error": [3], "error:-32602": [5], "slower:100ms": [0, 1], "larger:10kb": [0], '"wrong thing"': [5], "call:1": [0, 1], "-dir:server kind:request": [0], "status:error": [5] };
  for (const [search, rows] of Object.entries(cases)) {
    assert.deepEqual(selected(model, search).rows, rows, search);
  }
});

test("calls are rows that open", () => {
  const model = new FrameModel();
  model.open(0, 0);
  model.append([request(0, "1"), request(1, "2"), answer(2, "1"), answer(3, "2", { te: 1 })]);
  const selection = selected(model, "status:error", true);
  assert.deepEqual(selection.rows, [1]);
  selection.toggle(1);
  assert.deepEqual(selection.rows, [1, 3]);
  model.append([request(4, "3"), answer(5, "3", { k: "error" })]);
  selection.advance(Infinity);
  assert.deepEqual(selection.rows, [1, 3, 4]);
});

test("an answer that comes live moves its request in and out of the filter", () => {
  const model = new FrameModel();
  model.open(0, 0);
  model.append([request(0, "1")]);
  const pending = selected(model, "status:pending");
  const failed = selected(model, "status:error");
  model.append([answer(1, "1", { k: "error", e: { code: 1, message: "" } })]);
  pending.advance(Infinity);
  failed.advance(Infinity);
  assert.deepEqual([pending.rows, failed.rows], [[], [0, 1]]);
});

test("logs come under the one call that is open, else stay by themselves", () => {
  const model = new FrameModel();
  const log = (s) => ({ s, t: 1, d: "s", k: "notification", m: "notifications/message", lv: "info" });
  model.open(0, 0);
  model.append([log(0), request(1, "1"), log(2), request(3, "2"), log(4), answer(5, "1"), log(6), answer(7, "2"), log(8)]);
  const logs = new LogAttribution(model);
  assert.equal(logs.advance(Infinity), true);
  assert.deepEqual([0, 2, 4, 6, 8].map((s) => model.rootOf(s)), [0, 1, 4, 3, 8]);
  assert.deepEqual(model.conversation(1), [1, 2, 5]);
  model.append([request(9, "3"), log(10)]);
  assert.equal(logs.advance(Infinity), true);
  assert.deepEqual(model.conversation(9), [9, 10]);
});

test("what is selected is named by ranges, calls with all that belongs to them", () => {
  const model = new FrameModel();
  model.open(0, 0);
  model.append([request(0, "1"), request(1, "2"), request(2, "3"), answer(3, "1"), answer(4, "2", { te: 1 })]);
  assert.equal(selectedRanges(selected(model, "kind:request")), "0-2");
  assert.equal(selectedRanges(selected(model, "status:error", true)), "1,4");
  assert.equal(selectedRanges(selected(model, "tool:none")), null);
});
