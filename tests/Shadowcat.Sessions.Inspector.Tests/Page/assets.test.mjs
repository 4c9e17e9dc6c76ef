import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";
import { test } from "node:test";

const FOLDER = new URL("../../../src/Shadowcat.Sessions.Inspector/Assets/", import.meta.url);
const FILES = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(new URL(name, FOLDER), "utf8") }));
const MODULES = FILES.filter((file) => file.name.endsWith(".js"));

test("modules import in one line each, and export only functions, classes and constants", () => {
  for (const { name, text } of MODULES) {
    for (const line of text.split("\n")) {
      assert.ok(!/^import\b/.test(line) || /^import \{ [^}]+ \} from "\.\/[\w-]+\.js";$/.test(line), `${name}: ${line}`);
      assert.ok(!/^export\b/.test(line) || /^export (async )?(function|class|const) /.test(line), `${name}: ${line}`);
    }

    assert.ok(!/\bimport\(|import\.meta|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/.test(text), name);
    assert.ok(text.split("\n").length <= 301, `${name} is long`);
    assert.ok(text.startsWith("/**"), `${name} does not say what it is for`);
  }
});

test("no two modules have a name in common, since a single file puts them together", () => {
  const owners = new Map();
  for (const { name, text } of MODULES) {
    for (const [, declared] of text.matchAll(/^(?:export )?(?:async )?(?:function|class|const|let)\s+(\w+)/gm)) {
      assert.ok(!owners.has(declared), `${declared} is in ${owners.get(declared)} and ${name}`);
      owners.set(declared, name);
    }
  }
});

test("modules do not import in a circle", () => {
  const imports = new Map(MODULES.map(({ name, text }) => [name, [...text.matchAll(/^import .* from "\.\/([\w-]+\.js)";$/gm)].map((match) => match[1])]));
  const visit = (name, path) => {
    assert.ok(!path.includes(name), [...path, name].join(" → "));
    imports.get(name).forEach((next) => visit(next, [...path, name]));
  };
  visit("main.js", []);
});

test("every import is used, and every export imported", () => {
  const exported = new Set(MODULES.flatMap(({ name, text }) => [...text.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map((match) => match[1])));
  const used = new Set();
  for (const { name, text } of MODULES) {
    for (const [line, names] of text.matchAll(/^import \{ ([^}]+) \} from .*$/gm)) {
      for (const imported of names.split(", ")) {
        assert.ok(exported.has(imported), `${name} imports ${imported}`);
        assert.ok(new RegExp(`\\b${imported}\\b`).test(text.replace(line, "")), `${name} does not use ${imported}`);
        used.add(imported);
      }
    }
  }

  // Parts that only the module itself and these tests call.
  const byTestsOnly = ["searchWords", "EventParser", "percentile"];
  assert.deepEqual([...exported].filter((name) => !used.has(name) && !byTestsOnly.includes(name)), []);
});

test("the assets are small", () => {
  const compressed = FILES.reduce((sum, { text }) => sum + brotliCompressSync(text).length, 0);
  assert.ok(compressed <= 80 * 1024, `${compressed} bytes`);
});
