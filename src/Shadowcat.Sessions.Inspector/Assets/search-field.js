/** The search field: says what is wrong under itself, and proposes fields and values. */
import { completionsAt, parseSearch } from "./grammar.js";
import { debounced } from "./scheduling.js";
import { button, el, icon, replaceChildren, setText } from "./dom.js";

const TYPING_PAUSE_MS = 180;

export class SearchField {
  /** `onSearch(text, terms)` is called with what was understood, once typing pauses; with the terms of the whole search or not at all. */
  constructor({ label, placeholder, fields, onSearch }) {
    this.fields = fields;
    this.onSearch = onSearch;
    this.id = `search-${label.toLowerCase().replace(/\W+/g, "-")}`;
    this.chosen = -1;
    this.choices = null;
    this.refused = null;
    this.input = el("input", {
      type: "text", id: this.id, class: "search-input", placeholder, autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search",
      role: "combobox", "aria-label": label, "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${this.id}-list`, "aria-describedby": `${this.id}-error`,
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.left(), onclick: () => this.propose(),
    });
    this.list = el("ul", { class: "choices", id: `${this.id}-list`, role: "listbox", "aria-label": "Proposals", hidden: true });
    this.error = el("p", { class: "search-error", id: `${this.id}-error`, role: "status" });
    this.clear = button("", () => this.set("", true), { class: "quiet clear", "aria-label": "Clear the search", hidden: true });
    this.clear.append(icon("close"));
    this.element = el("div", { class: "search", role: "search" }, el("span", { class: "search-icon" }, icon("search")), this.input, this.clear, this.list, this.error);
    this.searchSoon = debounced(TYPING_PAUSE_MS, () => this.search());
  }

  /** Shows a text, and searches for it where `isSearched` says so. */
  set(text, isSearched = false) {
    this.input.value = text;
    this.clear.hidden = text === "";
    this.hide();
    if (isSearched) {
      this.search();
    } else {
      this.sayError(this.read().error);
    }
  }

  /** What stands in the field, as terms. */
  read() {
    return parseSearch(this.input.value, this.fields, Date.now());
  }

  /** An error that only the server knows: it holds until something else is searched for. */
  refuse(error) {
    this.refused = error;
    this.sayError(error);
  }

  sayError(error) {
    setText(this.error, error?.message ?? "");
    this.input.setAttribute("aria-invalid", error ? "true" : "false");
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  search() {
    const { terms, error } = this.read();
    // What is not finished is not wrong yet, as long as something is proposed.
    this.sayError(this.choices === null ? error : null);
    if (error === null) {
      this.refused = null;
      this.onSearch(this.input.value.trim(), terms);
    }
  }

  typed() {
    this.clear.hidden = this.input.value === "";
    this.propose();
    this.searchSoon();
  }

  propose() {
    const proposal = completionsAt(this.input.value, this.input.selectionStart, this.fields);
    this.choices = proposal;
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    if (proposal === null) {
      this.hide();
      return;
    }

    replaceChildren(this.list, proposal.choices.map((choice, index) => el("li", {
      role: "option", id: `${this.id}-${index}`, "aria-selected": "false",
      onmousedown: (event) => { event.preventDefault(); this.take(index); },
    }, el("code", { text: choice.insert.trim() }), el("span", { text: choice.hint }))));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  hide() {
    this.list.hidden = true;
    this.choices = null;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  left() {
    this.hide();
    this.sayError(this.read().error ?? this.refused);
  }

  take(index) {
    const { start, end, choices } = this.choices;
    const { insert } = choices[index];
    this.input.setRangeText(insert, start, end, "end");
    this.typed();
  }

  key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.choices === null) {
        this.propose();
      }

      this.choose(moves[event.key]);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.choices !== null && this.chosen >= 0) {
      event.preventDefault();
      this.take(this.chosen);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.hide();
      this.search();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (this.choices !== null) {
        this.hide();
      } else if (this.input.value !== "") {
        this.set("", true);
      } else {
        this.input.blur();
      }
    }
  }

  choose(step) {
    const options = [...this.list.children];
    if (options.length === 0 || this.choices === null) {
      return;
    }

    this.chosen = (this.chosen + step + options.length + (this.chosen < 0 && step < 0 ? 1 : 0)) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.chosen)));
    options[this.chosen].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.chosen].id);
  }
}
