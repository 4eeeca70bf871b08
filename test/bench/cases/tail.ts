/**
 * The tail of a quiet process: how long until the end of its output is read, when nothing was printed since, after another
 * process printed a flood since, and then right after the object's process was killed and came back. It is read as a
 * caller reads it today: by a wait from 64 KiB before the end on that ends with the last line. Its answer shows 4000
 * characters, which are compared.
 */
import process from "node:process";

import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";

import { type Case, defineCase } from "../case.ts";
import { BLOCK_LINES, createBlock, LINE_BYTES, numberBlock } from "../children/line.ts";
import { createFloodCheck, floodingChild } from "../floods.ts";
import { startGate } from "../gate.ts";
import { isLongwire, type Longwire } from "../longwire/longwire.ts";
import { addFaults, noFaults } from "../order.ts";
import { pickQuantile } from "../quantile.ts";
import { pidsOf } from "../usage.ts";

const TAIL_BYTES = 64 * 1024;
const SHOWN_BYTES = 4000;
const QUIET_JOB = 1;
const QUIET_LINES = 10_000;
const READS = 5;

interface Waited {
  readonly ended_by: string;
  readonly output: string;
}

/** Beside a flood of this many lines. */
export function createTail(lines: number): Case {
  const bytes = QUIET_LINES * LINE_BYTES;
  return defineCase({
    name: "tail",
    fits: isLongwire,
    async setUp(subject) {
      const gate = await startGate(1);
      const name = `quiet-${process.hrtime.bigint()}`;
      const argv = floodingChild(QUIET_JOB, QUIET_LINES, gate.port, "stay");
      const product = subject.product();
      await product.call("POST", "/processes", { argv, name });
      await gate.full;
      gate.open();
      await waitUntil("the quiet process printed", async () => {
        return (await product.call<{ output_bytes: number }>("GET", `/processes/${name}`)).output_bytes === bytes;
      });
      return { subject, gate, name, check: createFloodCheck(1, lines), read: new Array<string>() };
    },
    async measure({ subject, name, check, read }) {
      const last = String(QUIET_LINES - 1).padStart(8, "0");
      const query = `until=match&pattern=${last}&after=1.${bytes - TAIL_BYTES}`;
      const readTail = async (): Promise<number> => {
        const askedAt = performance.now();
        const answer = await subject.product().call<Waited>("GET", `/processes/${name}/wait?${query}`);
        read.push(answer.output);
        return performance.now() - askedAt;
      };
      const readOften = async (): Promise<number> => {
        const taken: number[] = [];
        for (let count = 0; count < READS; count++) taken.push(await readTail());
        return pickQuantile(taken, 0.5);
      };
      const alone = await readOften();
      await flood(subject, check, lines);
      const beside = await readOften();
      await killObjects(subject);
      return {
        "tail alone, ms": alone,
        "tail beside a flood, ms": beside,
        "tail after an eviction, ms": await readTail(),
      };
    },
    verify({ read, check }) {
      const garbled = read.filter((output) => output !== expectedEnd()).length;
      return addFaults([{ ...noFaults, garbled, lost: 2 * READS + 1 - read.length }, check.finish()]);
    },
    async tearDown({ subject, gate, name }) {
      gate.close();
      await waitUntil("the runner is back", async () => {
        return (await subject.product().call<{ online: boolean }>("GET", "")).online;
      });
      await subject.product().call("POST", `/processes/${name}/stop`, {});
    },
  });
}

async function flood(subject: Longwire, check: ReturnType<typeof createFloodCheck>, lines: number): Promise<void> {
  const gate = await startGate(1);
  const run = await subject.begin([floodingChild(0, lines, gate.port)]);
  const viewer = await run.follow(check.take);
  await run.ask();
  await gate.full;
  gate.open();
  await viewer.complete;
  viewer.close();
  gate.close();
}

/** Kills the process that holds the objects, and waits until its successor serves; the objects sleep until asked. */
async function killObjects(subject: Longwire): Promise<void> {
  const [pid = 0] = pidsOf(subject, "workerd");
  process.kill(pid, "SIGKILL");
  await waitUntil("the control plane is back", async () => {
    const [successor] = pidsOf(subject, "workerd");
    if (successor === undefined || successor === pid) return false;
    const answer = await fetch(new URL("/healthz", subject.url())).catch(() => null);
    return answer?.ok;
  });
}

/** The last characters of what the quiet process printed, up to the match's end: its last line whole. */
function expectedEnd(): string {
  const block = createBlock(QUIET_JOB);
  numberBlock(block, QUIET_LINES / BLOCK_LINES - 1);
  return block.toString("latin1").slice(-SHOWN_BYTES);
}
