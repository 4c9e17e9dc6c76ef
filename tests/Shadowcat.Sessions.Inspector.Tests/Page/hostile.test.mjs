import assert from "node:assert/strict";
import { test } from "node:test";
import { compareCalls, comparedCalls } from "../../../src/Shadowcat.Sessions.Inspector/Assets/compare-model.js";
import { OUTCOME } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-chunk.js";
import { FRAME_FIELDS, frameTest } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-fields.js";
import { FrameModel } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-model.js";
import { frameText } from "../../../src/Shadowcat.Sessions.Inspector/Assets/frame-text.js";
import { parseSearch } from "../../../src/Shadowcat.Sessions.Inspector/Assets/grammar.js";
import { JsonScanner, LINE, decodedText, formattedText } from "../../../src/Shadowcat.Sessions.Inspector/Assets/json-lines.js";
import { peerText, shortId, statusOf, transportName } from "../../../src/Shadowcat.Sessions.Inspector/Assets/peers.js";
import { FrameStatistics } from "../../../src/Shadowcat.Sessions.Inspector/Assets/statistics.js";
import { durationText, momentText, sizeText } from "../../../src/Shadowcat.Sessions.Inspector/Assets/units.js";
import { visible, visibleLines } from "../../../src/Shadowcat.Sessions.Inspector/Assets/visible.js";

/** Names that every object has, and that markup, templates and scripts are made of. */
const NAMES = ["__proto__", "constructor", "hasOwnProperty", "toString", "<img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "<%= 7*7 %>", "javascript:alert(1)", "]]>", "&lt;b&gt;", "\u202Egnp.exe", "%0d%0aSet-Cookie:x", "$&", "\\u003cscript>"];

const request = (s, more = {}) => ({ s, t: 1000 + s, d: "c", k: "request", m: "tools/call", i: String(s), z: 10, ...more });
const answer = (s, i, more = {}) => ({ s, t: 1000 + s, d: "s", k: "response", i, z: 10, ...more });

function modelOf(frames) {
  const model = new FrameModel();
  model.open(frames[0].s, frames[0].s);
  model.append(frames);
  return model;
}

function scan(text) {
  const scanner = new JsonScanner(text);
  scanner.run(Infinity);
  return scanner.result();
}

test("names that every object has are names like others", () => {
  const frames = NAMES.flatMap((name, index) => [
    request(index * 2, { m: name, n: name, i: JSON.stringify(name), x: name, pt: JSON.stringify(name), ti: name, rs: name }),
    answer(index * 2 + 1, JSON.stringify(name), { x: name }),
  ]);
  const model = modelOf(frames);
  const statistics = new FrameStatistics(model, null);
  statistics.advance(Infinity);
  NAMES.forEach((name, index) => {
    const { main, detail } = frameText(model, index * 2);
    assert.equal(main, visible(name));
    assert.equal(detail, visible(name));
    assert.equal(model.column("outcome", index * 2), OUTCOME.ok, name);
    assert.deepEqual(model.conversation(index * 2), [index * 2, index * 2 + 1], name);
    assert.equal(statistics.methods.get(name).calls, 1);
    assert.equal(statistics.tools.get(`${name} ${name}`).calls, 1);
  });
  assert.ok(compareCalls(comparedCalls(model), comparedCalls(model)).every((row) => row.state === "same"));
  assert.equal({}.polluted, undefined);
});

test("a search for such names finds them, and is no pattern", () => {
  const model = modelOf([request(0, { m: "a.b" }), request(1, { m: "aXb" }), request(2, { m: "(((((" }), request(3, { n: "__proto__" })]);
  const rows = (search) => [0, 1, 2, 3].filter(frameTest(model, parseSearch(search, FRAME_FIELDS, 0).terms));
  assert.deepEqual(rows("method:a.b"), [0]);
  assert.deepEqual(rows("method:((("), [2]);
  assert.deepEqual(rows("__proto__"), [3]);
  for (const name of ["__proto__", "tostring", "valueof"]) {
    assert.match(parseSearch(`${name}:x`, FRAME_FIELDS, 0).error?.message ?? "no field: it is a word", /no field/);
  }
});

test("words that a server made up are shown as they are", () => {
  for (const word of ["__proto__", "constructor", "toString", "<b>"]) {
    assert.equal(typeof statusOf({ status: word }).name, "string", word);
    assert.equal(typeof transportName(word), "string", word);
    assert.equal(peerText({ name: word, version: word }), `${word} ${word}`);
  }

  assert.equal(shortId("<script>alert(1)</script>"), "<script>…/script>");
  assert.equal(peerText({ name: "a\u202Eb", version: "\u0000" }), "a\\u202Eb \\u0000");
});

test("what is not seen is shown, in whatever disguise", () => {
  const unseen = { "\u061C": "061C", "\u2066": "2066", "\u2069": "2069", "\u00AD": "00AD", "\u034F": "034F", "\u180E": "180E", "\u2060": "2060", "\u2064": "2064", "\uFFF9": "FFF9", "\u3164": "3164", "\uFFA0": "FFA0", "\u2800": "2800", "\u17B4": "17B4", "\u180B": "180B", "\u0085": "0085", "\u009B": "009B" };
  for (const [character, code] of Object.entries(unseen)) {
    assert.equal(visible(`a${character}b`), `a\\u${code}b`);
    assert.equal(visibleLines(`a${character}b`), `a\\u${code}b`);
  }

  assert.equal(visible("\u{1D173}\u{E0001}"), "\\u{1D173}\\u{E0001}");
});

test("data that hides in selectors of variants and in joiners is shown", () => {
  assert.equal(visible("a\u{E0101}\u{E0102}b"), "a\\u{E0101}\\u{E0102}b");
  assert.equal(visible("a\uFE00\uFE01\uFE0Fb"), "a\uFE00\\uFE01\\uFE0Fb");
  assert.equal(visible("a\u200D\u200C\u200Db"), "a\u200D\\u200C\\u200Db");
  assert.equal(visible("葛\u{E0100} ❤\uFE0F 👩\u200D❤\uFE0F\u200D👩"), "葛\u{E0100} ❤\uFE0F 👩\u200D❤\uFE0F\u200D👩");
});

test("halves of surrogate pairs are shown wherever they stand, and never made", () => {
  assert.equal(visible("\udc00a\ud800"), "\\uDC00a\\uD800");
  assert.equal(visible("\ud83d\ud83d\ude00"), "\\uD83D😀");
  assert.equal(visible("😀".repeat(5), 3), "😀…");
  assert.equal(decodedText('"\\ud800"'), "\ud800");
  assert.equal(visibleLines(decodedText('"a\\ud800\\nb"')), "a\\uD800\nb");
});

test("very long names are cut, and cost no more than their length", () => {
  const long = "\u202E".repeat(1_000_000);
  const model = modelOf([request(0, { m: long, n: long, i: JSON.stringify(long) }), { s: 1, t: 1, d: "s", k: "error", i: "1", e: { code: 1, message: long } }]);
  const { main, detail, id } = frameText(model, 0);
  assert.ok(main.length < 2000 && detail.length < 2000 && id.length < 2000);
  assert.ok(frameText(model, 1).main.length < 3000);
  assert.ok(visible(long).length < 13_000);
});

test("numbers beyond every bound are numbers of a text", () => {
  const model = modelOf([
    { s: 0, t: 1e15, d: "s", k: "error", i: "1", e: JSON.parse('{"code":"123456789012345678901234567890","message":"m"}'), z: 2 ** 32 - 1 },
    { s: 1, t: 0, d: "s", k: "notification", m: "notifications/progress", pr: JSON.parse("[1e999,-1e999]") },
    request(2, { i: "1".repeat(400), h: 65_535, g: Number.MAX_SAFE_INTEGER }),
    answer(3, "1".repeat(400)),
  ]);
  assert.match(frameText(model, 0).main, /123456789012345678901234567890/);
  assert.equal(frameText(model, 1).detail, "Infinity of -Infinity");
  assert.equal(model.column("mate", 2), 1);
  for (const number of [NaN, Infinity, -Infinity, 1e308, -1]) {
    assert.equal(typeof durationText(number), "string");
    assert.equal(typeof momentText(number), "string");
    assert.equal(typeof sizeText(number), "string");
  }
});

test("JSON keeps the numbers, the members and the text that were written", () => {
  const text = '{"__proto__":{"polluted":1},"__proto__":2,"n":123456789012345678901234567890.10,"m":-0,"e":1E+999,"":"</script><img>","\\u202e":"\\ud800"}';
  const lines = scan(text);
  assert.equal(formattedText(text, lines), '{\n  "__proto__": {\n    "polluted": 1\n  },\n  "__proto__": 2,\n  "n": 123456789012345678901234567890.10,\n  "m": -0,\n  "e": 1E+999,\n  "": "</script><img>",\n  "\\u202e": "\\ud800"\n}');
  assert.equal({}.polluted, undefined);
});

test("objects in each other, a hundred thousand deep, are lines, cut off or not", () => {
  const open = '{"a":'.repeat(100_000);
  const whole = scan(open + "1" + "}".repeat(100_000));
  assert.equal(whole.count, 200_001);
  assert.equal(whole.types[100_000], LINE.number);
  assert.equal(scan(open).count, 100_000);
  assert.equal(scan(open + "]").types[100_000], LINE.wrong);
});

test("a hundred thousand requests of one id, none of which is answered, take no time that grows with their square", () => {
  const many = 100_000;
  const model = new FrameModel();
  model.open(0, 0);
  for (let s = 0; s < many; s++) {
    model.append([request(s, { i: "1", x: `a${s}` })]);
  }

  for (let s = many; s < 2 * many; s++) {
    model.append([answer(s, "1", { x: `b${s}` })]);
  }

  assert.equal(model.count, 2 * many);
});

test("exchanges that end without having begun are no work for those that did", () => {
  const many = 50_000;
  const model = new FrameModel();
  model.open(0, 0);
  for (let s = 0; s < many; s++) {
    model.append([request(s, { x: `a${s}` })]);
  }

  for (let s = many; s < 2 * many; s++) {
    model.append([{ s, t: 1, d: "i", k: "unparsed", x: `b${s}`, f: ["ended"], en: { how: "broken", by: "server" } }]);
  }

  model.append([{ s: 2 * many, t: 1, d: "i", k: "unparsed", x: "a7", f: ["ended"], en: { how: "broken", by: "server" } }]);
  assert.equal(model.column("outcome", 7), OUTCOME.closed);
});
