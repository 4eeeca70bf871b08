// An HTTP request as bytes on a connection, for what no client library would send.

import { connect } from "node:net";

export interface RawAnswer {
  /** 0 where the connection ended without one. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Bytes of the request that were handed to the system before the answer came. */
  readonly sentBytes: number;
}

/** Sends `pieces` one after the other until an answer came or the connection ended, and reads what has come by then. */
export async function sendRaw(url: string, pieces: Iterable<string | Uint8Array>): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = "";
  let sentBytes = 0;
  const answered = new Promise<void>((resolve) => {
    socket.on("error", () => resolve()).on("close", () => resolve());
    socket.on("data", (data) => {
      text += data.toString("latin1");
      if (isWhole(text)) resolve();
    });
  });
  let isOver = false;
  void answered.then(() => (isOver = true));
  for (const piece of pieces) {
    if (isOver) break;
    sentBytes += piece.length;
    const taken = new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    await Promise.race([taken, answered]);
  }
  await answered;
  socket.destroy();
  return { ...parse(text), sentBytes };
}

/** Whether head and body are there; an upgrade's answer has no body. */
function isWhole(text: string): boolean {
  const { status, headers, body } = parse(text);
  if (status === 101) return true;
  const length = headers.get("content-length");
  return length !== undefined && body.length >= Number(length);
}

function parse(text: string): Omit<RawAnswer, "sentBytes"> {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return { status: 0, headers: new Map(), body: "" };
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(" ")[1]), headers: new Map(headers), body: text.slice(end + 4) };
}
