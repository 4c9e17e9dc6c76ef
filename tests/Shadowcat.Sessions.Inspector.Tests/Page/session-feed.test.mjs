import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
const { SessionFeed } = await import("../../../src/Shadowcat.Sessions.Inspector/Assets/session-feed.js");

const SESSION = { id: "a", generation: "g", first: 0, frames: 10 };

function feedOf() {
  const seen = { replaced: 0 };
  const feed = new SessionFeed({ id: "a", canFollow: true }, { onSession: () => undefined, onFrames: () => undefined, onLive: () => undefined, onProblem: assert.fail, onReplaced: () => { seen.replaced++; } });
  feed.session = SESSION;
  feed.model.open(0, 10);
  return { feed, seen };
}

test("a feed says how many frames it lacks, and not of those that are on their way", () => {
  const { feed, seen } = feedOf();
  feed.take("session", { ...SESSION, frames: 200 });
  assert.equal(feed.behind, 0);

  feed.take("session", { ...SESSION, frames: 20_010 });
  assert.equal(feed.behind, 20_000);
  assert.equal(seen.replaced, 0);

  feed.take("frames", Array.from({ length: 20_000 }, (_, index) => ({ s: 10 + index, d: "c", k: "notification", t: 1, m: "x" })));
  assert.equal(feed.behind, 0);
});

test("a feed that lacks more than the page keeps begins anew", () => {
  const { feed, seen } = feedOf();
  feed.take("session", { ...SESSION, frames: feed.model.most + 11 });
  assert.equal(seen.replaced, 1);
  assert.ok(feed.stopping.signal.aborted);
});
