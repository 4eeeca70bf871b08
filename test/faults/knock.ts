// F35: upgrades by whoever has no key. Most come without a token or with what is none, some with a token of the right
// form that nobody knows. An object is awake while its database is open, so the files that workerd holds tell whom it woke.

import { readdirSync, readlinkSync } from "node:fs";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { formatToken, readTokenWorkspace } from "@longwire/shared/token.ts";
import { residentBytes } from "../support/process-figures.ts";
import { Product } from "../support/product.ts";
import { sendRaw } from "../support/raw-request.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { useOne } from "./stage.ts";

const guessesPerMinute = 50;
const atOnce = 20;
/** The runtime lets garbage lie for a while. */
const mostGrowth = 128 * 1024 * 1024;

export async function knock({ count, seed }: FaultOptions): Promise<FaultReport> {
  const env = { LONGWIRE_GUESSES_PER_MINUTE: String(guessesPerMinute) };
  return await useOne(await Product.start({ env }), (product) => knockOn(product, count, seed));
}

async function knockOn(product: Product, count: number, seed: number): Promise<FaultReport> {
  const { token } = product.ready;
  const workerd = product.find(/workerd.*serve/).pid;
  const third = Math.floor(count / 3);
  const workspace = readTokenWorkspace(token) ?? new Uint8Array();
  const unknown = (at: number): string => {
    const secret = new Uint8Array(32);
    new DataView(secret.buffer).setUint32(0, seed);
    new DataView(secret.buffer).setUint32(4, at);
    return formatToken(workspace, secret);
  };
  const own = (): Promise<number> =>
    fetch(`${product.ready.url}/v1/machines`, { headers: { Authorization: `Bearer ${token}` } }).then(
      ({ status }) => status,
    );
  if ((await own()) !== 200) throw new Error("the owner is not served");
  await waitUntil("every object sleeps", () => awake(workerd) === 0, 60_000);
  const before = residentBytes(workerd);
  const wrongs: string[] = [];
  const absent = await knockTimes(product, third, () => null);
  const malformed = await knockTimes(product, third, (at) => `${token.slice(0, -1)}${at % 2 === 0 ? "-" : "_"}`);
  if (awake(workerd) > 0) wrongs.push("an object was woken by what is no token");
  const guessed = await knockTimes(product, count - 2 * third, unknown);
  const grown = residentBytes(workerd) - before;
  for (const [kind, statuses] of Object.entries({ absent, malformed, guessed })) {
    const odd = statuses.filter((status) => status !== 401 && status !== 429);
    if (odd.length > 0) wrongs.push(`${kind}: answered with ${[...new Set(odd)].join(", ")}`);
  }
  const tried = [absent.concat(malformed), guessed].map(
    (statuses) => statuses.filter((status) => status === 401).length,
  );
  // A minute may end in between, and another one begin.
  const [strangers = 0, asked = 0] = tried;
  if (asked > 2 * guessesPerMinute) wrongs.push(`${asked} unknown tokens got as far as the workspace`);
  if (strangers + asked === count) wrongs.push("no limit was met");
  if (grown > mostGrowth) wrongs.push(`the control plane grew by ${grown} bytes`);
  const status = await own();
  if (status !== 200) wrongs.push(`the owner is answered with ${status}`);
  return { wrongs, late: [], figures: { grown_bytes: grown, refused_with_401: strangers + asked } };
}

/** Statuses of so many upgrades; `tokenAt` null: without a token. */
async function knockTimes(product: Product, count: number, tokenAt: (at: number) => string | null): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < count; at += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - at) }, (_, index) =>
      sendRaw(product.ready.url, [upgrade(tokenAt(at + index))]),
    );
    statuses.push(...(await Promise.all(batch)).map(({ status }) => status));
  }
  return statuses;
}

function upgrade(token: string | null): string {
  return [
    "GET /v1/machines/-/ws HTTP/1.1",
    "Host: 127.0.0.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol: longwire.events.v1",
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    "",
    "",
  ].join("\r\n");
}

/** Databases of objects that the process has open. */
function awake(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((file) => {
    try {
      return /\/longwire-\w+\/[0-9a-f]{64}\.sqlite$/.test(readlinkSync(`${folder}/${file}`));
    } catch {
      return false;
    }
  }).length;
}
