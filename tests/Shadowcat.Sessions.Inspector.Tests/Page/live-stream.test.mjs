import assert from "node:assert/strict";
import { mock, test } from "node:test";

/** What the module finds in a browser: a document that can be hidden, and a server whose streams never end. */
function beginPage() {
  const page = { asked: [], signals: [] };
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  globalThis.fetch = async (address, { signal }) => {
    page.asked.push(address);
    page.signals.push(signal);
    return new Response(new ReadableStream({ start: (controller) => signal.addEventListener("abort", () => controller.error(new DOMException("aborted", "AbortError"))) }));
  };
  page.show = (state) => {
    document.visibilityState = state;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  return page;
}

async function settle() {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
}

test("a stream whose page is not seen sleeps, and goes on where it was", async () => {
  const page = beginPage();
  mock.timers.enable({ apis: ["setTimeout"] });
  const { LiveStream } = await import("../../../src/Shadowcat.Sessions.Inspector/Assets/live-stream.js");
  let from = 7;
  const stream = new LiveStream("follow", () => ({ from }), () => undefined, () => undefined);
  stream.start();
  await settle();
  page.show("hidden");
  mock.timers.tick(29_000);
  assert.equal(stream.state, "live");

  mock.timers.tick(1000);
  assert.equal(stream.state, "paused");
  assert.ok(page.signals[0].aborted);

  from = 9;
  page.show("visible");
  await settle();
  assert.equal(stream.state, "live");
  assert.deepEqual(page.asked, ["api/follow?from=7", "api/follow?from=9"]);

  page.show("hidden");
  page.show("visible");
  mock.timers.tick(60_000);
  assert.equal(stream.state, "live");

  stream.pause();
  page.show("hidden");
  mock.timers.tick(60_000);
  page.show("visible");
  await settle();
  assert.equal(stream.state, "paused");
  assert.equal(page.asked.length, 2);
  stream.close();
  mock.timers.reset();
});
