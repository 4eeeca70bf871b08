/**
 * `pnpm bench`: Longwire beside the platform's floor and, where it is installed, OpenSSH, in one run. Prints all rounds and
 * then medians. Ends with 1 only when lines were lost, doubled or disordered; with 2 on a wrong call, 130 when interrupted.
 */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import process from "node:process";

import { createCases } from "./cases.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { isFaultless } from "./order.ts";
import { describeEntry, describeMedians, type Entry, findMedians } from "./report.ts";
import { runRounds } from "./rounds.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import type { Subject } from "./subject.ts";
import { createSubjects } from "./subjects.ts";

const options = readOptionsOrExit();
const subjects = createSubjects(options.only);
const interruption = new AbortController();
// Kept for good, so that a second Ctrl-C does not leave anything behind.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interruption.abort());

const entries: Entry[] = [];
try {
  await Promise.race([measure(), once(interruption.signal, "abort")]);
} finally {
  await Promise.all(subjects.map((subject) => subject.stop()));
}
const isSound = entries.every((entry) => isFaultless(entry.faults));
process.exit(interruption.signal.aborted ? 130 : isSound ? 0 : 1);

async function measure(): Promise<void> {
  const machine = `node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores`;
  const cases = createCases(options.quick ? quickSizes : fullSizes).filter(
    ({ name }) => options.cases?.includes(name) ?? true,
  );
  console.log(`${machine}, ${options.rounds} rounds${options.quick ? ", tiny sizes: the figures mean nothing" : ""}`);
  const started = await startSubjects();
  await runRounds(options.rounds, cases, started, interruption.signal, (entry) => {
    entries.push(entry);
    console.log(describeEntry(entry));
  });
  if (interruption.signal.aborted) return;
  const medians = findMedians(entries);
  console.log(`\n${describeMedians(medians)}`);
  if (options.json !== null) {
    await writeFile(options.json, `${JSON.stringify({ machine, options, entries, medians }, null, 2)}\n`);
  }
}

/** Starts the subjects one after the other; one that cannot start is named and left out. */
async function startSubjects(): Promise<Subject[]> {
  const started: Subject[] = [];
  for (const subject of subjects) {
    if (interruption.signal.aborted) break;
    try {
      await subject.start();
      started.push(subject);
    } catch (error) {
      console.log(`${subject.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return started;
}

function readOptionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return process.exit(2);
  }
}
