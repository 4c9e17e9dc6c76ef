/** The rows that a session shows: all its frames, those that a filter selects, or the beginnings of its calls with what was opened of them. */
import { KIND } from "./frame-chunk.js";

const SELECTION_STEP = 500;

/** Rows as far as frames were looked at. */
class FoundRows {
  constructor(model) {
    this.from = model.loadedFrom;
    this.looked = model.loadedFrom;
    this.knownEnd = model.end;
    this.rows = [];
    this.roots = new Set();
  }
}

export class FrameSelection {
  constructor(model) {
    this.model = model;
    this.test = null;
    this.byCall = false;
    this.opened = new Set();
    this.restart();
  }

  /** Whether every frame is a row, so that no list has to be kept. */
  get isAll() {
    return this.test === null && !this.byCall;
  }

  get count() {
    return this.isAll ? this.model.count : this.rows.length;
  }

  /** Whether the filter has looked at every frame that is here. */
  get isComplete() {
    return this.isAll || (this.found.looked >= this.model.end && this.renewed === null && !this.isOutdated);
  }

  /** Whether older frames came since the rows were made. */
  get isOutdated() {
    return this.found.from > this.model.loadedFrom && !this.model.isLoading;
  }

  sequenceAt(index) {
    return this.isAll ? this.model.start + index : this.rows[index];
  }

  /** The row of a frame, or -1. */
  indexOf(sequence) {
    if (this.isAll) {
      return sequence >= this.model.start && sequence < this.model.end ? sequence - this.model.start : -1;
    }

    return this.rows === this.found.rows ? exactPlace(this.rows, sequence) : this.rows.indexOf(sequence);
  }

  /** Whether a row begins a call in the list of calls. */
  isBeginning(sequence) {
    return this.byCall && this.found.roots.has(sequence);
  }

  select(test, byCall) {
    this.test = test;
    this.byCall = byCall;
    this.restart();
  }

  /** Looks at frames until the time is used up; true where rows changed. Older frames that came meanwhile are looked at aside, so that no row vanishes. */
  advance(deadline) {
    if (this.isAll) {
      return false;
    }

    if (this.isOutdated && this.renewed === null) {
      this.renewed = new FoundRows(this.model);
    }

    const target = this.renewed ?? this.found;
    let isChanged = false;
    target.looked = Math.max(target.looked, this.model.loadedFrom);
    while (target.looked < this.model.end && performance.now() < deadline) {
      const until = Math.min(target.looked + SELECTION_STEP, this.model.end);
      for (; target.looked < until; target.looked++) {
        isChanged = this.consider(target, target.looked) || isChanged;
      }
    }

    if (this.renewed !== null) {
      isChanged = this.renewed.looked >= this.model.end;
      this.found = isChanged ? this.renewed : this.found;
      this.renewed = isChanged ? null : this.renewed;
    }

    if (isChanged) {
      this.lay();
    }

    return isChanged;
  }

  /** Forgets the rows of frames that are no longer here; how many they were. */
  drop() {
    if (this.isAll) {
      return 0;
    }

    const before = this.rows.length;
    const gone = lowerPlace(this.found.rows, this.model.start);
    if (gone === 0) {
      return 0;
    }

    this.found.rows.splice(0, gone).forEach((sequence) => this.found.roots.delete(sequence));
    this.lay();
    return before - this.rows.length;
  }

  /** Opens or closes a call in the list of calls; whether it is open then. */
  toggle(sequence) {
    const root = this.model.rootOf(sequence);
    const isOpened = !this.opened.delete(root);
    if (isOpened) {
      this.opened.add(root);
    }

    this.lay();
    return isOpened;
  }

  restart() {
    this.found = new FoundRows(this.model);
    this.renewed = null;
    this.rows = this.found.rows;
  }

  /** Looks at everything anew aside: what belongs together has changed. */
  renew() {
    this.renewed = new FoundRows(this.model);
  }

  /** Lays the opened calls out between the others. */
  lay() {
    if (!this.byCall || this.opened.size === 0) {
      this.rows = this.found.rows;
      return;
    }

    this.rows = this.found.rows.flatMap((root) => (this.opened.has(root) ? this.model.conversation(root) : root));
  }

  consider(target, sequence) {
    const kind = this.model.column("kind", sequence);
    const isSettled = !this.byCall && sequence >= target.knownEnd && this.reconsider(target, sequence);
    if (this.test !== null ? !this.test(sequence) : kind === KIND.missing) {
      return isSettled;
    }

    const row = this.byCall ? this.model.rootOf(sequence) : sequence;
    if (this.byCall && target.roots.has(row)) {
      return this.opened.has(row);
    }

    if (this.byCall) {
      target.roots.add(row);
    }

    insert(target.rows, row);
    return true;
  }

  /** An answer that came live may bring its request under the filter, or take it away. */
  reconsider(target, sequence) {
    const mate = this.model.column("mate", sequence);
    if (mate >= 0) {
      return false;
    }

    const request = sequence + mate;
    const place = exactPlace(target.rows, request);
    const isSelected = this.test(request);
    if (isSelected && place < 0) {
      insert(target.rows, request);
    } else if (!isSelected && place >= 0) {
      target.rows.splice(place, 1);
    }

    return isSelected !== place >= 0;
  }
}

function insert(rows, sequence) {
  if (rows.length === 0 || rows[rows.length - 1] < sequence) {
    rows.push(sequence);
  } else {
    rows.splice(lowerPlace(rows, sequence), 0, sequence);
  }
}

/** How many of the rows stand before a sequence. */
function lowerPlace(rows, sequence) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] < sequence) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }

  return low;
}

function exactPlace(rows, sequence) {
  const place = lowerPlace(rows, sequence);
  return rows[place] === sequence ? place : -1;
}
