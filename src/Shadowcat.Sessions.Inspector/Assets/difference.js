/** What differs between two lists: of calls, or of lines. Myers' algorithm with a bound, so that two long strangers end in time. */
const MOST_EDITS = 800;

/** Pairs of equal items: `[{ left, right }]`, where an index is -1 for an item that the other side has not. */
export function alignLists(left, right, isSame) {
  let start = 0;
  while (start < left.length && start < right.length && isSame(left[start], right[start])) {
    start++;
  }

  let tail = 0;
  while (tail < left.length - start && tail < right.length - start && isSame(left[left.length - 1 - tail], right[right.length - 1 - tail])) {
    tail++;
  }

  const pairs = [];
  for (let index = 0; index < start; index++) {
    pairs.push({ left: index, right: index });
  }

  pairs.push(...alignMiddle(left.slice(start, left.length - tail), right.slice(start, right.length - tail), isSame, start));
  for (let index = tail; index > 0; index--) {
    pairs.push({ left: left.length - index, right: right.length - index });
  }

  return pairs;
}

function alignMiddle(left, right, isSame, start) {
  const trace = shortestEdit(left, right, isSame);
  const pairs = trace === null ? unrelated(left, right) : walkBack(trace, left.length, right.length);
  return pairs.map((pair) => ({ left: pair.left < 0 ? -1 : pair.left + start, right: pair.right < 0 ? -1 : pair.right + start }));
}

/** How far each diagonal reaches after each edit; null where there are too many edits. */
function shortestEdit(left, right, isSame) {
  const most = Math.min(left.length + right.length, MOST_EDITS);
  const reached = new Map([[1, 0]]);
  const trace = [];
  for (let edits = 0; edits <= most; edits++) {
    trace.push(new Map(reached));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = diagonal === -edits || (diagonal !== edits && reached.get(diagonal - 1) < reached.get(diagonal + 1));
      let x = isDown ? reached.get(diagonal + 1) : reached.get(diagonal - 1) + 1;
      while (x < left.length && x - diagonal < right.length && isSame(left[x], right[x - diagonal])) {
        x++;
      }

      reached.set(diagonal, x);
      if (x >= left.length && x - diagonal >= right.length) {
        return trace;
      }
    }
  }

  return null;
}

function walkBack(trace, leftLength, rightLength) {
  const pairs = [];
  let x = leftLength;
  let y = rightLength;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reached = trace[edits];
    const diagonal = x - y;
    const isDown = diagonal === -edits || (diagonal !== edits && reached.get(diagonal - 1) < reached.get(diagonal + 1));
    const from = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = reached.get(from);
    while (x > fromX && y > fromX - from) {
      pairs.push({ left: --x, right: --y });
    }

    if (edits > 0) {
      pairs.push(isDown ? { left: -1, right: --y } : { left: --x, right: -1 });
    }
  }

  return pairs.reverse();
}

/** Two lists that have too little in common: side by side as they stand. */
function unrelated(left, right) {
  const pairs = left.map((_, index) => ({ left: index, right: -1 }));
  return [...pairs, ...right.map((_, index) => ({ left: -1, right: index }))];
}
