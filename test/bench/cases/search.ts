/**
 * Search: how long until what one process printed is searched, for a text and for a pattern that holds no certain text,
 * beside a plain scan of the same rows: read from the database, decoded, cut into lines and compared, with nothing in
 * between. Then how other requests fare while a pattern that ruins a backtracking matcher is looked for in lines made for
 * it, again and again.
 */
import { setTimeout as delay } from "node:timers/promises";
import process from "node:process";

import { type Case, defineCase } from "../case.ts";
import { createFloodCheck, floodingChild } from "../floods.ts";
import { startGate } from "../gate.ts";
import { isLongwire, type Longwire } from "../longwire/longwire.ts";
import { addFaults, noFaults } from "../order.ts";
import { pickQuantile } from "../quantile.ts";
import { readDatabases } from "../read-databases.ts";

const READS = 5;
const ASKS = 200;
const ASK_EVERY_MS = 5;
const HOSTILE_PATTERN = "(a+)+$";
/** Prints lines of 10 kB that begin to match at each of their characters, and never do. */
const HOSTILE_CHILD = `process.stdout.write(("a".repeat(10_000) + "!\\n").repeat(Number(process.argv[1])))`;

interface SearchAnswer {
  readonly items: readonly { readonly text: string }[];
  readonly next_cursor: string | null;
}

/** Over so many lines of a flood, and so many hostile ones. */
export function createSearch(lines: number, hostileLines: number): Case {
  const last = String(lines - 1).padStart(8, "0");
  // Classes are no text: nothing is certain about what they match.
  const classes = last.replaceAll(/\d/g, "[$&]");
  return defineCase({
    name: "search",
    fits: isLongwire,
    // The rows that are scanned are those of this run alone.
    isFresh: true,
    async setUp(subject) {
      const gate = await startGate(1);
      const check = createFloodCheck(1, lines);
      const run = await subject.begin([floodingChild(0, lines, gate.port)]);
      const viewer = await run.follow(check.take);
      await run.ask();
      await gate.full;
      gate.open();
      await viewer.complete;
      viewer.close();
      gate.close();
      const { items } = await subject.product().call<{ items: { process_id: string }[] }>("GET", "/processes");
      return { subject, check, id: items[0]?.process_id ?? "", found: new Array<number>() };
    },
    async measure({ subject, id, found }) {
      const scans: number[] = [];
      const literals: number[] = [];
      const patterns: number[] = [];
      for (let count = 0; count < READS; count++) {
        scans.push(scan(subject, `${last} GET`, found));
        literals.push(await search(subject, id, `${last} GET`, found));
        patterns.push(await search(subject, id, `${classes} [A-Z]+`, found));
      }
      const [scanMs, literalMs, patternMs] = [scans, literals, patterns].map((taken) => pickQuantile(taken, 0.5));
      return {
        "plain scan, ms": scanMs ?? Number.NaN,
        "search for a text, ms": literalMs ?? Number.NaN,
        "search for a text, × scan": (literalMs ?? Number.NaN) / (scanMs ?? Number.NaN),
        "search without a text, ms": patternMs ?? Number.NaN,
        "search without a text, × scan": (patternMs ?? Number.NaN) / (scanMs ?? Number.NaN),
        ...(await measureHostile(subject, hostileLines)),
      };
    },
    verify: ({ check, found }) =>
      addFaults([
        { ...noFaults, garbled: found.filter((count) => count !== 1).length, lost: 3 * READS - found.length },
        check.finish(),
      ]),
    tearDown: async () => undefined,
  });
}

/** Milliseconds for all rows, from the first read to the last comparison. */
function scan(subject: Longwire, text: string, found: number[]): number {
  const taken = readDatabases(subject.product().objectsFolder, /^log_\d+$/, (database, tables) => {
    const beganAt = performance.now();
    const decoder = new TextDecoder();
    let rest = "";
    let count = 0;
    for (const table of tables) {
      for (const { payload } of database.prepare(`SELECT payload FROM "${table}" ORDER BY seq`).iterate()) {
        const lines = (rest + decoder.decode(payload as Uint8Array, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.includes(text)) count += 1;
      }
    }
    if (tables.length > 0) found.push(count);
    return tables.length === 0 ? 0 : performance.now() - beganAt;
  });
  return Math.max(...taken);
}

async function search(subject: Longwire, id: string, pattern: string, found: number[]): Promise<number> {
  const askedAt = performance.now();
  const query = `process=${id}&pattern=${encodeURIComponent(pattern)}`;
  const { items, next_cursor } = await subject.product().call<SearchAnswer>("GET", `/search?${query}`);
  const taken = performance.now() - askedAt;
  found.push(next_cursor === null ? items.length : Number.NaN);
  return taken;
}

async function measureHostile(subject: Longwire, lines: number): Promise<Record<string, number>> {
  const product = subject.product();
  const argv = [process.execPath, "-e", HOSTILE_CHILD, String(lines)];
  const { process_id: id } = await product.call<{ process_id: string }>("POST", "/processes?until=exit", { argv });
  const quiet = await askOthers(subject, id);
  const state = { isOver: false };
  const searches: number[] = [];
  const again = (async () => {
    while (!state.isOver) searches.push(await search(subject, id, HOSTILE_PATTERN, []));
  })();
  const beside = await askOthers(subject, id);
  state.isOver = true;
  await again;
  return {
    "hostile search, ms": pickQuantile(searches, 0.5),
    "others quiet p50, ms": pickQuantile(quiet, 0.5),
    "others quiet p95, ms": pickQuantile(quiet, 0.95),
    "others beside a hostile search p50, ms": pickQuantile(beside, 0.5),
    "others beside a hostile search p95, ms": pickQuantile(beside, 0.95),
  };
}

/** What small requests take, one after the other. */
async function askOthers(subject: Longwire, id: string): Promise<number[]> {
  const taken: number[] = [];
  for (let count = 0; count < ASKS; count++) {
    const askedAt = performance.now();
    await subject.product().call("GET", `/processes/${id}`);
    taken.push(performance.now() - askedAt);
    await delay(ASK_EVERY_MS);
  }
  return taken;
}
