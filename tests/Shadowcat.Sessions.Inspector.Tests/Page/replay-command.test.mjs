import assert from "node:assert/strict";
import { test } from "node:test";
import { replayCommand } from "../../../src/Shadowcat.Sessions.Inspector/Assets/replay-command.js";

const TEMPLATE = "shadowcat replay {session} [--from {sequence}] --redis <connection>";

test("a command begins at a frame where one was chosen", () => {
  assert.equal(replayCommand(TEMPLATE, "01a2", 12), "shadowcat replay 01a2 --from 12 --redis <connection>");
  assert.equal(replayCommand(TEMPLATE, "01a2", 0), "shadowcat replay 01a2 --from 0 --redis <connection>");
  assert.equal(replayCommand(TEMPLATE, "01a2", null), "shadowcat replay 01a2 --redis <connection>");
});

test("a template need not name the session, nor a frame", () => {
  assert.equal(replayCommand("replay", "01a2", 12), "replay 01a2");
  assert.equal(replayCommand("replay [quietly] {session} {sequence}", "01a2", null), "replay [quietly] 01a2 0");
});

for (const id of ["$(reboot)", "`reboot`", "a;reboot", "a'b\"c", "$&$'$`$1", "{sequence}", "[{sequence}]", "<img/src=x>", "a&b|c>d", "\\", "!!"]) {
  test(`the id ${id} is one argument of a shell, as it is`, () => {
    const quoted = /^shadowcat replay '(.*)' --from 3 --redis <connection>$/s.exec(replayCommand(TEMPLATE, id, 3));
    assert.equal(quoted?.[1].replaceAll("'\\''", "'"), id);
    assert.ok(!quoted[1].replaceAll("'\\''", "").includes("'"));
  });
}
