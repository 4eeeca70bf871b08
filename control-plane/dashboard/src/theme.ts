// Light or dark: as the system says, or as somebody chose on this browser.

import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const key = "longwire.theme";
const kept = localStorage.getItem(key);

export const theme = signal<Theme>(kept === "light" || kept === "dark" ? kept : "system");

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === "system") delete dataset["theme"];
  else dataset["theme"] = theme.value;
  localStorage.setItem(key, theme.value);
});

const following: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

export function nextTheme(): void {
  theme.value = following[theme.value];
}
