// The terminal's colours, for the page's light and dark. Each of the sixteen is readable on its ground.

import type { ITheme } from "@xterm/xterm";

const light: ITheme = {
  background: "#ffffff",
  foreground: "#1b1d1f",
  cursor: "#0f766e",
  cursorAccent: "#ffffff",
  selectionBackground: "#b9e0dc",
  selectionInactiveBackground: "#dcecea",
  scrollbarSliderBackground: "#1b1d1f26",
  scrollbarSliderHoverBackground: "#1b1d1f40",
  scrollbarSliderActiveBackground: "#1b1d1f59",
  black: "#1b1d1f",
  red: "#b3261e",
  green: "#14743c",
  yellow: "#8a5300",
  blue: "#1c5fb5",
  magenta: "#8a3ab0",
  cyan: "#0f6f7a",
  white: "#6a6e73",
  brightBlack: "#55595e",
  brightRed: "#c8372d",
  brightGreen: "#1a8047",
  brightYellow: "#94600a",
  brightBlue: "#2b6fc7",
  brightMagenta: "#9a4cc0",
  brightCyan: "#147c88",
  brightWhite: "#3a3d40",
};

const dark: ITheme = {
  background: "#0b0d0e",
  foreground: "#dfe2e4",
  cursor: "#2dd4bf",
  cursorAccent: "#0b0d0e",
  selectionBackground: "#1f4d49",
  selectionInactiveBackground: "#1a3331",
  scrollbarSliderBackground: "#e7e9ea26",
  scrollbarSliderHoverBackground: "#e7e9ea40",
  scrollbarSliderActiveBackground: "#e7e9ea59",
  black: "#3a4046",
  red: "#ff8a80",
  green: "#5fd38d",
  yellow: "#f0b65a",
  blue: "#7db4ff",
  magenta: "#c9a4ff",
  cyan: "#4fd6e0",
  white: "#c9cdd1",
  brightBlack: "#8c939a",
  brightRed: "#ffaaa3",
  brightGreen: "#86e3aa",
  brightYellow: "#ffd08a",
  brightBlue: "#a5cbff",
  brightMagenta: "#dcc4ff",
  brightCyan: "#8aeaf1",
  brightWhite: "#ffffff",
};

export interface Palette {
  readonly theme: ITheme;
  /** Of what a search found. */
  readonly match: { readonly all: string; readonly active: string };
}

export const palettes: Readonly<Record<"light" | "dark", Palette>> = {
  light: { theme: light, match: { all: "#fbe3b4", active: "#f2b441" } },
  dark: { theme: dark, match: { all: "#4d3a12", active: "#8a6414" } },
};

/** Calls `tell` with the page's palette, now and whenever it changes, until `signal`. */
export function watchPalette(tell: (palette: Palette) => void, signal: AbortSignal): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const look = (): void => {
    const chosen = document.documentElement.dataset["theme"];
    tell(palettes[chosen === "light" || chosen === "dark" ? chosen : system.matches ? "dark" : "light"]);
  };
  const observer = new MutationObserver(look);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  signal.addEventListener("abort", () => observer.disconnect());
  system.addEventListener("change", look, { signal });
  look();
}
