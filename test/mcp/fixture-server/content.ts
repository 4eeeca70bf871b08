// Content of every kind, as small as it can be.

/** A picture of one pixel. */
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/** A recording of no length. */
const silence = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";

export const sayText = (text: string) => ({ type: "text", text }) as const;
export const image = { type: "image", data: pixel, mimeType: "image/png" } as const;
export const audio = { type: "audio", data: silence, mimeType: "audio/wav" } as const;
export const embed = (uri: string, text: string, mimeType = "text/plain") =>
  ({ type: "resource", resource: { uri, mimeType, text } }) as const;
export const binary = { mimeType: "image/png", blob: pixel } as const;
