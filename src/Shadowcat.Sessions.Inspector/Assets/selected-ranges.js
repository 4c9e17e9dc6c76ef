/** The frames that a selection shows, as ranges for an address: `3-9,12`. */
const MOST_RANGE_CHARACTERS = 6000;

/** The ranges of a selection; of calls, all frames of their conversations. Null where there are none, or too many for an address. */
export function selectedRanges(selection) {
  const frames = selection.byCall ? selection.rows.flatMap((row) => selection.model.conversation(row)) : selection.rows;
  const ranges = rangesOf([...new Set(frames)].sort((one, other) => one - other));
  return ranges === "" || ranges.length > MOST_RANGE_CHARACTERS ? null : ranges;
}

function rangesOf(sequences) {
  const ranges = [];
  for (const sequence of sequences) {
    const last = ranges[ranges.length - 1];
    if (last !== undefined && last[1] === sequence - 1) {
      last[1] = sequence;
    } else {
      ranges.push([sequence, sequence]);
    }
  }

  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}
