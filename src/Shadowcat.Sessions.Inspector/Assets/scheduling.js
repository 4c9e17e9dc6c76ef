/** Work in slices, so that no task holds the page for longer than part of a frame. */
const SLICE_MS = 6;

/** Gives the browser a turn, then continues. */
export function nextTurn() {
  return globalThis.scheduler?.yield ? globalThis.scheduler.yield() : new Promise((resolve) => setTimeout(resolve, 0));
}

/** Waits until what was asked to be painted is; a hidden page paints nothing. */
export function nextPaint() {
  return new Promise((resolve) => {
    const wait = document.visibilityState === "hidden" ? (painted) => painted() : requestAnimationFrame;
    wait(() => setTimeout(resolve, 0));
  });
}

export function sliceDeadline() {
  return performance.now() + SLICE_MS;
}

export function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/** Calls a function once per painted frame however often it is asked for; a hidden page, which paints nothing, once a second. */
export class PaintQueue {
  constructor(paint) {
    this.paint = paint;
    this.isAsked = false;
  }

  ask() {
    if (this.isAsked) {
      return;
    }

    this.isAsked = true;
    const run = () => {
      this.isAsked = false;
      this.paint();
    };
    if (document.visibilityState === "hidden") {
      setTimeout(run, 1000);
    } else {
      requestAnimationFrame(run);
    }
  }
}

/** Calls a function once typing pauses. */
export function debounced(ms, action) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), ms);
  };
}
