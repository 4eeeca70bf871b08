/**
 * The latency scenario: a child prints the monotonic time every 10 ms; the delay is the viewer's clock, on the same
 * machine, less the printed time, when the chunk that completes the line arrives.
 */
import process from "node:process";
import { fileURLToPath } from "node:url";

import { runJobs, type Scenario } from "./measurement.ts";
import { createOrderCheck } from "./order.ts";
import { pickQuantile } from "./quantile.ts";

const CHILD = fileURLToPath(new URL("children/stamp.ts", import.meta.url));
const LINE = /^(\d+) (\d+)$/;

/** A quiet child with this many prints. */
export function createLatency(prints: number): Scenario {
  return {
    name: "latency",
    async measure(subject) {
      const order = createOrderCheck(prints);
      const delaysMs: number[] = [];
      let begun = "";
      const trouble = await runJobs(subject, [[process.execPath, CHILD, String(prints)]], (_, bytes) => {
        const seenNs = process.hrtime.bigint();
        const lines = (begun + Buffer.from(bytes).toString("latin1")).split("\n");
        begun = lines.pop() ?? "";
        for (const line of lines) {
          const [, number, stampNs] = LINE.exec(line) ?? [];
          order.see(number === undefined ? null : Number(number));
          if (stampNs !== undefined) delaysMs.push(Number(seenNs - BigInt(stampNs)) / 1e6);
        }
      });
      if (begun !== "") order.see(null);
      const faults = order.finish();
      if (delaysMs.length === 0) return { figures: {}, faults, trouble };
      const figures = {
        "latency p50, ms": pickQuantile(delaysMs, 0.5),
        "latency p99, ms": pickQuantile(delaysMs, 0.99),
      };
      return { figures, faults, trouble };
    },
  };
}
