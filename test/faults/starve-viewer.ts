// F10: one viewer takes a kilobyte a second while others read at full speed. They get everything as if it were not
// there; it is cut with 4408 and its cursor once it has acknowledged nothing for a minute, and resumes complete.

import path from "node:path";
import { closeCodes } from "@longwire/shared/errors.ts";
import { viewerPatienceMs } from "@longwire/shared/limits.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { EventSocket } from "../support/event-socket.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { root } from "../support/product.ts";
import { Ears } from "./ears.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { withProduct } from "./with-product.ts";

const MiB = 1024 * 1024;
/** More than a viewer's credit. */
const printedMiB = 24;
const slow = { bytesPerSecond: 1000, sliceBytes: 100 };
/** The object's alarm may come a little later than the viewer's time is up. */
const alarmMs = 3000;
const words = 300;
/** What all of them watch: the slow one must not be given small events, which it could acknowledge in time. */
const tag = "watched";
const program = path.join(root, "test/fixtures/prints-bytes.mjs");

/** `count` viewers read fast beside the slow one. */
export async function starveViewer({ count }: FaultOptions): Promise<FaultReport> {
  return await withProduct(async ({ data, ready }, api) => {
    const findings = new Findings();
    const proxy = await FaultProxy.open(Number(new URL(ready.url).port));
    const sockets: EventSocket[] = [];
    const view = async (url: string, after: number): Promise<EventSocket> => {
      const socket = await EventSocket.open({ url, token: ready.token }, `?after=${after}&type=output&tag=${tag}`);
      sockets.push(socket);
      return socket;
    };
    const ears = await Ears.open(ready, api);
    try {
      const fast = await Promise.all(Array.from({ length: count }, () => view(ready.url, 0)));
      const quiet = await ears.hear(words);
      const starved = await view(proxy.url, 0);
      proxy.faults = slow;
      const ledger = path.join(data, "ledger");
      await api.start({ argv: ["node", program, ledger, "lines", String(MiB), String(printedMiB)], tags: [tag] });
      for (const viewer of fast) await waitUntil("a fast viewer has it", () => isComplete([viewer]));
      // By now the slow one's credit is used up, too.
      const startedAt = performance.now();
      findings.check(starved.closed === null, "the slow viewer was cut at once");
      findings.measure("p95_quiet_ms", quiet);
      findings.measure("p95_beside_slow_ms", await ears.hear(words), Math.max(1.2 * quiet, quiet + 5));

      const isOver = (): boolean => performance.now() - startedAt > viewerPatienceMs + alarmMs;
      await waitUntil("the slow viewer's time is over", isOver, Infinity);
      findings.measure("received_slowly", bytesIn(starved));
      proxy.faults = {};
      const closed = await waitUntil("the slow viewer is cut", () => starved.closed);
      findings.check(closed.code === closeCodes.tooSlow, `the slow viewer was closed with ${closed.code}`);
      const cursor = Number(closed.reason);
      const last = starved.events.at(-1)?.seq ?? 0;
      findings.check(last > 0 && last <= cursor, `the cursor is ${closed.reason}, the last event ${last}`);
      findings.check(!isComplete([starved]), "the slow viewer had everything when it was cut");
      findings.measure("bound_mib", bytesIn(starved) / MiB);

      const resumed = await view(proxy.url, cursor);
      await waitUntil("it has resumed", () => isComplete([starved, resumed]), 60_000);
      const [want, ...others] = fast.map(({ events }) => JSON.stringify(events));
      for (const got of [...others, JSON.stringify([...starved.events, ...resumed.events])]) {
        findings.check(got === want, "a viewer differs from another");
      }
      return findings;
    } finally {
      for (const socket of sockets) socket.close();
      ears.close();
      await proxy.close();
    }
  });
}

/** Whether what was printed has come to these viewers, taken together. */
function isComplete(viewers: readonly EventSocket[]): boolean {
  return viewers.reduce((sum, viewer) => sum + bytesIn(viewer), 0) >= printedMiB * MiB;
}

function bytesIn(viewer: EventSocket): number {
  return viewer.events.reduce((sum, { data = "" }) => sum + Buffer.byteLength(data), 0);
}
