import assert from "node:assert/strict";
import { test } from "node:test";
import { completionsAt, parseSearch, searchWords } from "../../../src/Shadowcat.Sessions.Inspector/Assets/grammar.js";
import { SESSION_FIELDS } from "../../../src/Shadowcat.Sessions.Inspector/Assets/session-fields.js";
import { FRAME_FIELDS } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-fields.js";

const NOW = Date.parse("2026-12-01T00:00:00Z");

test("searchWords splits at blanks, keeps quotes together and sees the minus", () => {
  assert.deepEqual(
    searchWords('status:failed -client:"claude code"  "two words"').map(({ field, value, negated }) => [field, value, negated]),
    [["status", "failed", false], ["client", "claude code", true], [null, "two words", false]]);
});

test("parseSearch reads values and times", () => {
  const { terms, error } = parseSearch("since:1h status:Failed text", SESSION_FIELDS, NOW);
  assert.equal(error, null);
  assert.deepEqual(terms.map((term) => term.value), [NOW - 3_600_000, "failed", "text"]);
});

test("parseSearch names an unknown field, and which there are", () => {
  const { error } = parseSearch("ok colour:red", FRAME_FIELDS, NOW);
  assert.match(error.message, /no field colour: there are method, tool/);
  assert.deepEqual([error.start, error.end], [3, 13]);
});

for (const [text, message] of [["status:odd", /no value “odd”: there are ok, error/], ["slower:fast", /does not take “fast”/], ["method:", /needs a value/], ['"open', /quote is open/], ["call:x", /does not take/]]) {
  test(`parseSearch refuses ${text}`, () => assert.match(parseSearch(text, FRAME_FIELDS, NOW).error.message, message));
}

test("parseSearch takes names of Object's own members as unknown fields", () => {
  assert.match(parseSearch("constructor:x", FRAME_FIELDS, NOW).error.message, /no field constructor/);
});

test("completionsAt proposes fields, then values", () => {
  assert.deepEqual(completionsAt("st", 2, SESSION_FIELDS).choices.map((choice) => choice.insert), ["status:", "state:"]);
  assert.deepEqual(completionsAt("-status:f", 9, SESSION_FIELDS).choices.map((choice) => choice.insert), ["-status:failed "]);
  assert.equal(completionsAt('"st', 3, SESSION_FIELDS), null);
});
