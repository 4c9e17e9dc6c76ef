/** Light, dark, or as the system says: kept in this browser. */
import { sayBriefly } from "./clipboard.js";

const THEME_KEY = "shadowcat-theme";
const THEMES = ["system", "light", "dark"];

export function applyStoredTheme() {
  setTheme(storedTheme());
}

/** The next of the three, and says which. */
export function switchTheme() {
  const next = THEMES[(THEMES.indexOf(storedTheme()) + 1) % THEMES.length];
  setTheme(next);
  try {
    localStorage.setItem(THEME_KEY, next);
  } catch {
    // A file opened from disk may have no storage: then the choice lasts as long as the page.
  }

  sayBriefly(next === "system" ? "Colours as the system says." : `${next === "dark" ? "Dark" : "Light"} colours.`);
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function storedTheme() {
  try {
    return localStorage.getItem(THEME_KEY) ?? document.documentElement.dataset.theme ?? "system";
  } catch {
    return document.documentElement.dataset.theme ?? "system";
  }
}
