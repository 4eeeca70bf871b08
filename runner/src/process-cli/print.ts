// What commands print. Whoever reads slowly slows the command; whoever closes the pipe ends it.

import type { Writable } from "node:stream";
import { plain } from "../policy-cli/say.ts";

/** Resolves once it is taken. Rejects with `EPIPE` where nobody reads any more. */
export async function print(to: Writable, data: string | Uint8Array): Promise<void> {
  listen(to);
  await new Promise<void>((resolve, reject) => {
    to.write(data, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

/** Whoever writes is told of a failure; without a listener it would be thrown as well. */
function listen(to: Writable): void {
  if (to.listenerCount("error") === 0) to.on("error", () => undefined);
}

/** A note for whoever sits there, beside what the command is asked for. Nothing of `text` steers a terminal. */
export function note(text: string): void {
  listen(process.stderr);
  process.stderr.write(`${plain(text)}\n`);
}

/** The same amid what others print, or where a terminal takes line ends as they are: on a line of its own. */
export function noteAmid(text: string): void {
  listen(process.stderr);
  process.stderr.write(process.stderr.isTTY ? `\r\n${plain(text)}\r\n` : `${plain(text)}\n`);
}

/** What JSON leaves as it is and a terminal may take for more than a character. */
const unsafe = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

/** `value` on one line of JSON, which is safe to look at in a terminal as well. */
export function jsonLine(value: unknown): string {
  const escape = (one: string): string =>
    Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
  return `${JSON.stringify(value).replaceAll(unsafe, escape)}\n`;
}

/** Whether `to` is to be coloured: a terminal, and nobody asked for none (https://no-color.org). */
export function isColoured(to: { readonly isTTY?: boolean }): boolean {
  return to.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
}
