// What an input's request means as bytes: text or data, then keys, then Enter.

import type { InputRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { keySequence } from "@longwire/shared/keys.ts";
import { maxInputBytes } from "@longwire/shared/limits.ts";

export type InputBytes =
  | { readonly type: "bytes"; readonly bytes: Buffer }
  | { readonly type: "refused"; readonly refusal: Refusal };

/** The bytes to give to a process with a terminal (`tty`) or with pipes, which have no keys. */
export function encodeInput(request: InputRequest, tty: boolean): InputBytes {
  const { text, data_base64: base64, keys, enter } = request;
  if (keys !== undefined && !tty) {
    return refuse("keys", "go to a terminal only; send `text`, or start the process with `tty`");
  }
  const given = base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
  const pressed = (keys ?? []).map((name) => keySequence(name) ?? "").join("");
  const bytes = Buffer.concat([given, Buffer.from(pressed + (enter ? (tty ? "\r" : "\n") : ""), "latin1")]);
  if (bytes.byteLength <= maxInputBytes) return { type: "bytes", bytes };
  const message = `is ${bytes.byteLength} bytes long; ${maxInputBytes} go at once`;
  return refuse(base64 === undefined ? "text" : "data_base64", message);
}

function refuse(path: string, message: string): InputBytes {
  const refusal = { code: "invalid_request", detail: `\`${path}\` ${message}.`, errors: [{ path, message }] } as const;
  return { type: "refused", refusal };
}
