/**
 * Rows an hour: a child prints 1 MB a minute, line by line, with nobody watching; the rows of the log it became, counted in
 * the database and scaled to an hour. Longwire's bound is 3600, one a second. Then all of it is read back.
 */
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { type Case, defineCase } from "../case.ts";
import { LINE_BYTES } from "../children/line.ts";
import { createFloodCheck } from "../floods.ts";
import { isStoring } from "../subject.ts";

const CHILD = fileURLToPath(new URL("../children/steady.ts", import.meta.url));
const BYTES_A_MINUTE = 1_000_000;
const STORED_WITHIN_MS = 30_000;

/** A child that lives this long. */
export function createRows(seconds: number): Case {
  const lines = Math.round((BYTES_A_MINUTE / LINE_BYTES / 60) * seconds);
  return defineCase({
    name: "rows",
    // What is counted does not vary with the machine's mood.
    maxRounds: 1,
    fits: isStoring,
    async setUp(subject) {
      const intervalMs = (seconds * 1000) / lines;
      const run = await subject.begin([[process.execPath, CHILD, "0", String(lines), String(intervalMs)]]);
      return { subject, run, before: subject.countRows(), check: createFloodCheck(1, lines) };
    },
    async measure({ subject, run, before, check }) {
      await run.ask();
      const read = (): Promise<boolean> => run.poll(check.take);
      await waitUntil("all is stored", read, seconds * 1000 + STORED_WITHIN_MS);
      const rows = subject.countRows() - before;
      return { "rows an hour (bound 3600)": (rows * 3600) / seconds };
    },
    verify: ({ check }) => check.finish(),
    tearDown: ({ run }) => run.close(),
  });
}
