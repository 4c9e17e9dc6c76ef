import assert from "node:assert/strict";
import { test } from "node:test";
import { shellQuoted, visible, visibleLines } from "../../../src/Shadowcat.Sessions.Inspector/Assets/visible.js";

test("visible escapes controls, bidi overrides, hidden tags and lone surrogates", () => {
  assert.equal(visible("a\u0000\n\u202Eb"), "a\\u0000\\u000A\\u202Eb");
  assert.equal(visible("\u{E0041}x\ud800"), "\\u{E0041}x\\uD800");
  assert.equal(visible("\u200B\uFEFF\u2028"), "\\u200B\\uFEFF\\u2028");
});

test("visible leaves words, emoji and joiners alone", () => {
  assert.equal(visible("größe 👩‍🚀 日本 مرحبا"), "größe 👩‍🚀 日本 مرحبا");
});

test("visible cuts long text without halving a character", () => {
  assert.equal(visible("ab😀cd", 3), "ab…");
});

test("visibleLines keeps lines and tabs", () => {
  assert.equal(visibleLines("a\r\n\tb\u0007"), "a\n\tb\\u0007");
});

test("shellQuoted quotes what a shell would read", () => {
  assert.equal(shellQuoted("01ab-c"), "01ab-c");
  assert.equal(shellQuoted("a'b $(x)"), "'a'\\''b $(x)'");
});
