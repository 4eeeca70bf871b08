// F16, F17, F18: bytes that are hard to carry. Lines of a mebibyte and output without any, what is no UTF-8, characters
// cut anywhere, everything there is: a live viewer and whoever reads the log later get exactly what was printed.

import { readFileSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { EventSocket } from "../support/event-socket.ts";
import { root } from "../support/product.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { digestPages, OutputDigest } from "./output-digest.ts";
import { withProduct } from "./with-product.ts";

/** Arguments of the fixture, after the ledger. */
type Kind = readonly (string | number)[];

const MiB = 1024 * 1024;
const program = path.join(root, "test/fixtures/prints-bytes.mjs");
const patienceMs = 300_000;

/** `count` MiB without a newline, and half as many lines of a mebibyte. */
export const carryLongLines = ({ count }: FaultOptions): Promise<FaultReport> =>
  carry([
    ["lines", MiB, Math.ceil(count / 2)],
    ["unbroken", count * MiB],
  ]);

/** What is no text and what is text in two pieces, `count` times. */
export const carryBrokenText = ({ count }: FaultOptions): Promise<FaultReport> => carry([["broken-text", count]]);

/** Every byte there is, and `count` MB of random ones. */
export const carryEveryByte = ({ count }: FaultOptions): Promise<FaultReport> =>
  carry([
    ["every", 1000],
    ["random", count * 1e6],
  ]);

/** Prints each of `kinds` and compares what readers got with its ledger. */
async function carry(kinds: readonly Kind[]): Promise<FaultReport> {
  return await withProduct(async ({ data, ready }, api) => {
    const findings = new Findings();
    for (const kind of kinds) {
      const name = String(kind[0]);
      const ledger = path.join(data, `ledger-${name}`);
      const { head } = await api.machine();
      const { process_id: id } = await api.start({ argv: ["node", program, ledger, ...kind.map(String)] });
      const live = new OutputDigest(id);
      const viewer = await EventSocket.open(ready, `?after=${head}&process=${id}`, (event) => live.add(event));
      await waitUntil(`${name} has come`, () => live.end !== null || viewer.closed !== null, patienceMs);
      viewer.close();
      const printed = JSON.parse(readFileSync(ledger, "utf8")) as { bytes: number; sha256: string };
      findings.measure(`${name}_bytes`, printed.bytes);
      for (const [reader, got] of Object.entries({ viewer: live, pages: await digestPages(api, id, head) })) {
        findings.check(got.fault === null, `${name}: the ${reader} met ${got.fault}`);
        findings.check(got.end?.returncode === 0, `${name}: the ${reader} saw no good end`);
        findings.check(
          got.bytes === printed.bytes,
          `${name}: the ${reader} got ${got.bytes} of ${printed.bytes} bytes`,
        );
        findings.check(got.sha256 === printed.sha256, `${name}: the ${reader} got other bytes`);
      }
    }
    return findings;
  });
}
