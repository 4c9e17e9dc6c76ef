import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonScanner, LINE, decodedText, formattedText } from "../../../src/Shadowcat.Sessions.Inspector/Assets/json-lines.js";

function scan(text, step = Infinity) {
  const scanner = new JsonScanner(text);
  while (!scanner.run(step)) {
    // In slices, as on the main thread.
  }

  return scanner.result();
}

const SAMPLES = [
  { a: 1, b: [true, null, { c: "d\\\"e" }], e: {}, f: [], g: -1.5e-7 }, [[[]]], "text", 12, null, { "": { "\\": "\\\\" } },
];

for (const sample of SAMPLES) {
  test(`formats ${JSON.stringify(sample)} as JSON.stringify does`, () => {
    for (const step of [1, 7, Infinity]) {
      const text = JSON.stringify(sample);
      assert.equal(formattedText(text, scan(text, step)), JSON.stringify(sample, null, 2));
    }
  });
}

test("100 000 levels are lines, not a stack", () => {
  const text = "[".repeat(100_000) + "1" + "]".repeat(100_000);
  const lines = scan(text);
  assert.equal(lines.count, 200_001);
  assert.equal(lines.columns.depth[100_000], 100_000);
  assert.equal(lines.columns.close[0], 200_000);
});

test("what was cut off is formatted as far as it goes", () => {
  const lines = scan('{"a":{"b":"lorem ips');
  assert.deepEqual([...lines.types], [LINE.object, LINE.object, LINE.text]);
});

for (const text of ["hello", "{a:1}", '{"a" 1}', "[1 2]", "[1,]x", '{"a":1}}', "\u0000", "01", "tru"]) {
  test(`what is no JSON becomes a line: ${JSON.stringify(text)}`, () => {
    const lines = scan(text);
    assert.equal(lines.types[lines.count - 1], LINE.wrong);
  });
}

test("an escaped backslash does not hide the end of a text", () => {
  const text = '["a\\\\","b"]';
  assert.equal(scan(text).count, 4);
});

test("decodedText reads escapes, and leaves what is cut as it is", () => {
  assert.equal(decodedText('"a\\nb"'), "a\nb");
  assert.equal(decodedText('"a\\nb'), "a\\nb");
});
