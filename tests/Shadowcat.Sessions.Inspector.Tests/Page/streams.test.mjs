import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "../../../src/Shadowcat.Sessions.Inspector/Assets/sse.js";
import { readRoute, writeRoute } from "../../../src/Shadowcat.Sessions.Inspector/Assets/routes.js";

function events(pieces) {
  const found = [];
  const parser = new EventParser((event) => found.push({ ...event }));
  pieces.forEach((piece) => parser.push(piece));
  return found;
}

test("EventParser reads events however the stream is cut", () => {
  const stream = ": hi\n\nid: 5\nevent: frames\ndata: [1,\ndata: 2]\n\nevent: end\r\ndata: {}\r\n\r\n";
  for (const size of [1, 3, 1000]) {
    const pieces = stream.match(new RegExp(`[^]{1,${size}}`, "g"));
    assert.deepEqual(events(pieces), [{ event: "frames", data: "[1,\n2]", id: "5" }, { event: "end", data: "{}", id: "5" }]);
  }
});

test("EventParser gives nothing for a comment or an unfinished event", () => {
  assert.deepEqual(events([": a comment\n\n", "data: 1\n"]), []);
});

test("routes are read as they were written", () => {
  for (const route of [{ view: "session", id: "a/b?#%", frame: 12, query: "status:error x", by: "call", order: "" }, { view: "compare", id: "a b", other: "ü", query: "", by: "", order: "" }, { view: "charts", id: "x", frame: null, query: "", by: "", order: "" }]) {
    assert.deepEqual(readRoute(writeRoute(route)), route);
  }
});

test("a fragment that is no route shows all sessions", () => {
  for (const fragment of ["", "#/", "#/x/y", "#/s", "#/compare/a", "#%%%"]) {
    assert.equal(readRoute(fragment).view, "sessions");
  }
});

test("a broken escape in an id is taken as it is", () => {
  assert.equal(readRoute("#/s/%E0%A4%A").id, "%E0%A4%A");
});
