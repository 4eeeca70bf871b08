/**
 * Replay: what a child printed with nobody watching is stored; then one reader comes and reads it all from a cursor. The
 * clock runs from its coming to the last byte seen. The floor reads its own rows back over HTTP.
 */
import process from "node:process";

import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";

import { type Case, defineCase } from "../case.ts";
import { createFloodCheck, floodingChild, megabytesPerSecond } from "../floods.ts";
import { startGate } from "../gate.ts";
import { isStoring } from "../subject.ts";

const STORED_WITHIN_MS = 60_000;

/** A replay of this many lines. */
export function createReplay(lines: number): Case {
  return defineCase({
    name: "replay",
    everyReader: true,
    fits: isStoring,
    async setUp(subject) {
      const gate = await startGate(1);
      const run = await subject.begin([floodingChild(0, lines, gate.port)]);
      await run.ask();
      await gate.full;
      gate.open();
      await waitUntil("all is stored", () => run.poll(() => undefined), STORED_WITHIN_MS);
      return { gate, run, check: createFloodCheck(1, lines) };
    },
    async measure({ run, check }) {
      const beganNs = process.hrtime.bigint();
      const reader = await run.replay(check.take);
      await reader.complete;
      reader.close();
      return { "replay, MB/s": megabytesPerSecond(lines, Number(check.lastSeenNs() - beganNs) / 1e9) };
    },
    verify: ({ check }) => check.finish(),
    async tearDown({ gate, run }) {
      gate.close();
      await run.close();
    },
  });
}
