// How large a message on a socket of the object may be, by whose it is.

import { maxFrameBytes, maxTextFrameBytes, maxViewerMessageBytes } from "@longwire/shared/limits.ts";

export function isTooLarge(message: ArrayBuffer | string, isViewer: boolean): boolean {
  // A text counts by its characters, none of which is less than a byte.
  const size = typeof message === "string" ? message.length : message.byteLength;
  const runnersMax = typeof message === "string" ? maxTextFrameBytes : maxFrameBytes;
  return size > (isViewer ? maxViewerMessageBytes : runnersMax);
}
