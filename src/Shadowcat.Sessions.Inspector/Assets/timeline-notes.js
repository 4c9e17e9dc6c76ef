/** What the timeline cannot show by itself: what is missing, what is under way, what is new below, and that nothing is there. */
import { button, el, icon, replaceChildren, setText } from "./dom.js";
import { notice } from "./notices.js";
import { countText } from "./units.js";

export class TimelineNotes {
  /** `onEnd()` goes back to the newest frame, `onClear()` clears the filter. */
  constructor(onEnd, onClear) {
    this.onClear = onClear;
    this.note = el("p", { class: "list-note", hidden: true });
    this.said = el("p", { class: "unseen", role: "status" });
    this.toEnd = button("", onEnd, { class: "to-end", hidden: true });
    this.toEnd.append(icon("down"), el("span"));
    this.empty = el("div", { class: "list-empty", hidden: true });
    this.clear();
  }

  /** For another session, or the same one from its beginning. */
  clear() {
    this.seenEnd = null;
    this.problem = null;
    this.saidOf = null;
    this.shownEmpty = null;
  }

  show(model, selection, list, feed) {
    const parts = [behindText(feed), this.problem && `Not all frames are here: ${this.problem.message}`, startText(model), loadingText(model), selectionText(model, selection)].filter(Boolean);
    setText(this.note, parts.join("  ·  "));
    this.note.hidden = parts.length === 0;
    this.say(model, selection);
    this.showEnd(model, list, feed);
    this.showEmpty(model, selection, feed.live !== null);
  }

  /** A screen reader reads what a filter found, once; not each count while frames come. */
  say(model, selection) {
    if (selection.isComplete && !model.isLoading && this.saidOf !== selection.test) {
      this.saidOf = selection.test;
      setText(this.said, selectionText(model, selection) ?? "");
    }
  }

  showEnd(model, list, feed) {
    this.seenEnd = list.sticks || this.seenEnd === null ? model.end : this.seenEnd;
    const fresh = model.end - this.seenEnd + feed.behind;
    this.toEnd.hidden = feed.behind === 0 && (list.sticks || list.isWhole);
    setText(this.toEnd.lastChild, fresh > 0 ? `${countText(fresh)} new` : "Back to the end");
  }

  showEmpty(model, selection, canFollow) {
    const isEmpty = selection.count === 0 && selection.isComplete && !model.isLoading;
    this.empty.hidden = !isEmpty;
    const why = model.count > 0 ? "filter" : "frames";
    if (isEmpty && this.shownEmpty !== why) {
      this.shownEmpty = why;
      replaceChildren(this.empty, why === "filter"
        ? notice("No frame matches the filter", "All frames that are here were looked at. Take a word out, or clear the filter.", [["Clear the filter", this.onClear]])
        : notice("No frames yet", canFollow ? "Nothing was said in this session so far. Frames appear here as they come." : "The session was exported before anything was said in it."));
    }
  }
}

function behindText(feed) {
  return feed.behind > 0 ? `${countText(feed.behind)} newer frames are not here yet: more are written than the page takes.` : null;
}

function startText(model) {
  if (model.droppedTo > 0 && model.start === model.droppedTo) {
    return `The page keeps the newest ${countText(model.count)} frames: those before #${countText(model.start)} are in the store and in an export.`;
  }

  return model.start > 0 ? `Frames before #${countText(model.start)} were trimmed by the store.` : null;
}

function loadingText(model) {
  return model.isLoading ? `Loading older frames: ${Math.floor(((model.end - model.loadedFrom) / model.count) * 100)} %` : null;
}

function selectionText(model, selection) {
  return selection.isAll ? null : `${countText(selection.count)} ${selection.byCall ? "conversations" : "frames"} of ${countText(model.count)} frames${selection.isComplete ? "" : ", looking on…"}`;
}
