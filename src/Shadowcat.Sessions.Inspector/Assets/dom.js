/** Elements by code: text is only ever set as text, so that nothing recorded becomes markup. */
const SVG_SPACE = "http://www.w3.org/2000/svg";

/** An element with properties and children: `on…` is a listener, `class`, `text` and `value` are what they say, everything else is an attribute. */
export function el(tag, properties = {}, ...children) {
  return furnished(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag, properties = {}, ...children) {
  return furnished(document.createElementNS(SVG_SPACE, tag), properties, children);
}

/** Sets text only where it differs: the browser then has nothing to lay out. */
export function setText(element, text) {
  if (element.shownText !== text) {
    element.shownText = text;
    element.textContent = text;
  }
}

/** A button with a word on it. */
export function button(text, onclick, properties = {}) {
  return el("button", { type: "button", text, onclick, ...properties });
}

/** One of the page's few pictures, hidden from screen readers: what it means is said beside it. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICON_PATHS[name] }));
}

/** Puts other children into an element. */
export function replaceChildren(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

const ICON_PATHS = {
  back: "M10 3L5 8l5 5",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M6 6h7v7H6zM3.5 10H3V3h7v.5",
  link: "M7 9a2.5 2.5 0 0 0 3.5 0l2-2A2.5 2.5 0 0 0 9 3.500l-.6.6M9 7a2.5 2.5 0 0 0-3.5 0l-2 2A2.5 2.5 0 0 0 7 12.500l.6-.6",
  theme: "M8 2.500a5.5 5.5 0 1 0 0 11zM8 2.500a5.5 5.5 0 0 1 0 11",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.700 10.700L14 14",
  play: "M5 3l8 5-8 5z",
  save: "M8 2.5v7M5 7l3 3 3-3M3 13h10",
  down: "M8 3v9M4 8.500l4 4 4-4",
  up: "M8 13V4M4 7.500l4-4 4 4",
  lock: "M4 7.500h8v6H4zM5.5 7.500V5a2.5 2.5 0 0 1 5 0v2.5",
};

function furnished(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }

    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "text") {
      element.textContent = value;
    } else if (name === "value") {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }

  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
