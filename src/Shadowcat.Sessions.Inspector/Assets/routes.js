/** Where one is: the fragment of the address, read and written. */

/** `{ view: "sessions"|"session"|"charts"|"compare", id, other, frame, query, by }` of a fragment. */
export function readRoute(fragment) {
  const [path, search = ""] = splitOnce(fragment.replace(/^#/, ""), "?");
  const parameters = new URLSearchParams(search);
  const rest = { query: parameters.get("q") ?? "", by: parameters.get("by") ?? "", order: parameters.get("order") ?? "" };
  const parts = path.split("/").filter((part) => part !== "").map(decodedPart);
  if (parts[0] === "s" && parts.length >= 2) {
    const frame = parts[2] === "f" && /^\d+$/.test(parts[3] ?? "") ? Number(parts[3]) : null;
    return { view: parts[2] === "charts" ? "charts" : "session", id: parts[1], frame, ...rest };
  }

  if (parts[0] === "compare" && parts.length === 3) {
    return { view: "compare", id: parts[1], other: parts[2], ...rest };
  }

  return { view: "sessions", ...rest };
}

/** The fragment of a route. */
export function writeRoute({ view, id, other, frame, query, by, order }) {
  const paths = {
    sessions: () => "#/",
    session: () => `#/s/${encodeURIComponent(id)}${frame === null || frame === undefined ? "" : `/f/${frame}`}`,
    charts: () => `#/s/${encodeURIComponent(id)}/charts`,
    compare: () => `#/compare/${encodeURIComponent(id)}/${encodeURIComponent(other)}`,
  };
  const given = Object.entries({ q: query, by, order }).filter(([, value]) => value);
  return paths[view]() + (given.length === 0 ? "" : "?" + new URLSearchParams(given));
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decodedPart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
