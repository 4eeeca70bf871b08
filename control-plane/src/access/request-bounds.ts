// What a request may be made of before anybody looks at it more closely. Bodies have their bound where they are read.

import type { Refusal } from "@longwire/shared/errors.ts";
import { maxHeaderBytes, maxHeaders, maxUrlLength } from "@longwire/shared/limits.ts";

/** A refusal where the address or the headers are too large; null where the request may pass. */
export function checkBounds(request: Request): Refusal | null {
  if (request.url.length > maxUrlLength) {
    return { code: "url_too_long", detail: `The address has ${request.url.length} characters.` };
  }
  let count = 0;
  let bytes = 0;
  for (const [name, value] of request.headers) {
    count += 1;
    bytes += name.length + value.length;
  }
  if (count <= maxHeaders && bytes <= maxHeaderBytes) return null;
  return { code: "headers_too_large", detail: `The request has ${count} headers with ${bytes} bytes.` };
}
