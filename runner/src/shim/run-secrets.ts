// What the runner that launches a shim hands it over their socket before anything else, so that it never lies on a disk
// nor stands among the arguments: `u32 length | JSON`.

import { readSync } from "node:fs";
import type { Secrets } from "../redact/needles.ts";

/** What the child itself is given. */
export interface ChildSecrets {
  readonly environment: Readonly<Record<string, string>>;
  /** Its input is closed behind it; absent: it stays open. */
  readonly input?: string | undefined;
}

export interface RunSecrets extends ChildSecrets {
  /** What is masked in all the run tells. */
  readonly secrets: Secrets;
}

const lengthBytes = 4;
const lookAgainMs = 2;

export function encodeRunSecrets(secrets: RunSecrets): Buffer {
  const body = Buffer.from(JSON.stringify(secrets));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(body.byteLength);
  return Buffer.concat([length, body]);
}

/** Waits for them on `fd`. Throws where the runner ended before: then nothing was begun. */
export function takeRunSecrets(fd: number): RunSecrets {
  const length = readExactly(fd, lengthBytes).readUInt32LE();
  return JSON.parse(readExactly(fd, length).toString()) as RunSecrets;
}

function readExactly(fd: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const read = readSome(fd, bytes, at);
    if (read === 0) throw new Error("the runner ended before it said what to run");
    at += read ?? 0;
  }
  return bytes;
}

/** Null: nothing is there yet. */
function readSome(fd: number, bytes: Buffer, at: number): number | null {
  try {
    return readSync(fd, bytes, at, bytes.byteLength - at, null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lookAgainMs);
    return null;
  }
}
