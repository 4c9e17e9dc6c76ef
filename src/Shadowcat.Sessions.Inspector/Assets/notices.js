/** What stands where there is nothing to show: what is so, and what to do. */
import { button, el } from "./dom.js";

/** A notice that fills its place. A line of `text` is a text, or its parts, of which some are elements. `actions` are `[text, action]`, or `[text, address]` for a link. */
export function notice(title, text, actions = [], kind = "") {
  return el("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : "status" },
    el("h2", { text: title }),
    [text].flat().filter(Boolean).map((line) => el("p", {}, line)),
    actions.length > 0 && el("p", { class: "notice-actions" }, actions.map(([word, action]) => (typeof action === "string" ? el("a", { class: "button", href: action, text: word }) : button(word, action)))));
}

/** The notice for something that the server refused or could not do. */
export function problemNotice(problem, retry) {
  const detail = problem.detail ?? problem.message;

  // Most details of what passes say it themselves.
  const advice = !problem.isPassing ? ADVICE[problem.status] : detail.includes("tries again by itself") ? null : "The page tries again by itself.";
  const back = ["All sessions", "#/"];
  return notice(problem.title || "Something went wrong", [detail, advice], problem.isPassing || problem.status === undefined ? [["Try again", retry]] : [back], "bad");
}

const ADVICE = {
  401: "Sign in to the application that serves this page, then reload. With shadowcat inspect, open the address that it printed: it holds the token of this run.",
  403: "Ask whoever runs this server for the right. With shadowcat inspect, open the address that it printed last.",
  404: "Sessions end when they expire or are deleted. The list shows which there are.",
  410: "The store keeps only the newest frames of this session.",
};
