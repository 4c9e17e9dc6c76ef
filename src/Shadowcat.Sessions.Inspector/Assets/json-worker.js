/** The worker of the page served: formats JSON off the main thread. */
import { JsonScanner } from "./json-lines.js";

self.onmessage = ({ data: { number, bytes } }) => {
  const text = new TextDecoder().decode(bytes);
  const scanner = new JsonScanner(text);
  scanner.run(Infinity);
  const lines = scanner.result();
  self.postMessage({ number, text, lines }, [lines.types.buffer, lines.commas.buffer, ...Object.values(lines.columns).map((column) => column.buffer)]);
};
