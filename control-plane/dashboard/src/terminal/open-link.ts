// Which addresses in a program's output may be followed, and how: what it prints is not trusted.

/** The address as it would be opened; null where it is not one of the web. */
export function webAddress(text: string): string | null {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") ? url.href : null;
}

/** Opens it in a tab of its own, which learns nothing of this one. */
export function openLink(text: string): void {
  const address = webAddress(text);
  if (address !== null) window.open(address, "_blank", "noopener,noreferrer");
}
