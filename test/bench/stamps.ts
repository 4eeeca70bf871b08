/** Reads what the stamping child prints: how late each print came, and whether all came once and in order. */
import process from "node:process";
import { fileURLToPath } from "node:url";

import { createOrderCheck, type Faults } from "./order.ts";
import { pickQuantile } from "./quantile.ts";
import type { Argv } from "./subject.ts";

const CHILD = fileURLToPath(new URL("children/stamp.ts", import.meta.url));
const PRINT = /^(\d+) (\d+)$/;

/** What ends a print: a whole line, or nothing that ends a line. */
export type Ending = "\n" | ";";

/** The child that prints this often once the gate lets it. */
export function stampingChild(prints: number, ending: Ending, gatePort: number): Argv {
  return [process.execPath, CHILD, String(prints), ending, String(gatePort)];
}

/** The reader of one viewer. */
export interface Stamps {
  /** Takes the next chunk; what is whole by now came now. */
  take(bytes: Uint8Array): void;
  /** The delay that `fraction` of the prints do not exceed, in milliseconds; of those printed before `untilNs`. */
  delayMs(fraction: number, untilNs?: bigint): number;
  finish(): Faults;
}

/** Expects this many prints. */
export function createStamps(prints: number, ending: Ending): Stamps {
  const order = createOrderCheck(prints);
  const seen: { readonly printedNs: bigint; readonly delayMs: number }[] = [];
  let begun = "";
  return {
    take(bytes) {
      const nowNs = process.hrtime.bigint();
      const texts = (begun + Buffer.from(bytes).toString("latin1")).split(ending);
      begun = texts.pop() ?? "";
      for (const text of texts) {
        const [, number, stampNs] = PRINT.exec(text) ?? [];
        order.see(number === undefined ? null : Number(number));
        if (stampNs === undefined) continue;
        const printedNs = BigInt(stampNs);
        seen.push({ printedNs, delayMs: Number(nowNs - printedNs) / 1e6 });
      }
    },
    delayMs(fraction, untilNs) {
      const counted = seen.filter(({ printedNs }) => untilNs === undefined || printedNs < untilNs);
      return pickQuantile(
        counted.map(({ delayMs }) => delayMs),
        fraction,
      );
    },
    finish() {
      if (begun !== "") order.see(null);
      begun = "";
      return order.finish();
    },
  };
}
