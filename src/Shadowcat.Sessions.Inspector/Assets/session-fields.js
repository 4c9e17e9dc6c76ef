/** The fields of the search for sessions. The server evaluates them; the page says at once what is wrong, and proposes. */
import { parseMoment } from "./units.js";

const MOMENT_FIELD = { read: parseMoment, examples: ["15m", "1h", "24h", "7d"] };

export const SESSION_FIELDS = {
  status: { hint: "How it ended.", values: ["active", "completed", "failed", "timed-out"] },
  state: { hint: "Where it is in its lifecycle.", values: ["initializing", "active", "shutting-down", "closed"] },
  transport: { hint: "What carries the messages.", values: ["stdio", "http", "sse", "streamable-http", "websocket"] },
  tag: { hint: "A label of the session." },
  owner: { hint: "The principal that it belongs to." },
  client: { hint: "Part of the client's name." },
  server: { hint: "Part of the server's name." },
  id: { hint: "The beginning of its id." },
  since: { hint: "Created since: 1h, 30m, 2d, 2026-11-30 or 2026-11-30T10:00.", ...MOMENT_FIELD },
  before: { hint: "Created before: 1h, 30m, 2d, 2026-11-30 or 2026-11-30T10:00.", ...MOMENT_FIELD },
  active: { hint: "Active since: 1h, 30m, 2d, 2026-11-30 or 2026-11-30T10:00.", ...MOMENT_FIELD },
};
