/** Conversations as lists inside the columns: each frame knows the distance to the first one and to the next one, the first one that to the last. */
import { CHUNK_SIZE } from "./frame-chunk.js";

/** Brings the conversations of two frames together. */
export function linkFrames(model, one, other) {
  const first = rootInside(model, one);
  const second = rootInside(model, other);
  if (first === second) {
    return;
  }

  const [root, joined] = first < second ? [first, second] : [second, first];
  const tail = root + model.column("tail", root);
  const joinedTail = joined + model.column("tail", joined);
  if (joined > tail) {
    setColumn(model, "next", tail, joined - tail);
    for (const member of membersFrom(model, joined)) {
      setColumn(model, "root", member, member - root);
    }
  } else {
    weave(model, root, [...membersFrom(model, root), ...membersFrom(model, joined)].sort((a, b) => a - b));
  }

  setColumn(model, "tail", root, Math.max(tail, joinedTail) - root);
  setColumn(model, "tail", joined, 0);
}

function weave(model, root, members) {
  members.forEach((member, index) => {
    setColumn(model, "root", member, member - root);
    setColumn(model, "next", member, index + 1 < members.length ? members[index + 1] - member : 0);
  });
}

/** The first frame of a conversation that is still here; where the first one was dropped, a frame begins anew. */
function rootInside(model, sequence) {
  const root = sequence - model.column("root", sequence);
  if (root >= model.start) {
    return root;
  }

  setColumn(model, "root", sequence, 0);
  setColumn(model, "next", sequence, 0);
  setColumn(model, "tail", sequence, 0);
  return sequence;
}

function membersFrom(model, sequence) {
  const members = [];
  let at = sequence;
  for (;;) {
    members.push(at);
    const distance = model.column("next", at);
    if (distance === 0) {
      return members;
    }

    at += distance;
  }
}

function setColumn(model, name, sequence, value) {
  const chunk = model.chunkOf(sequence);
  if (chunk !== undefined) {
    chunk[name][sequence % CHUNK_SIZE] = value;
  }
}
