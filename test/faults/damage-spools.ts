// F13: spools that are damaged on the disk while nobody reads them: a bit is flipped, the tail is gone, or the file is
// empty; half of their shims are killed too. What was before the damage is delivered, the rest is told as a gap, every
// run ends, undamaged ones lose nothing, and the runner lives through it.

import { existsSync, globSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { bytesOf } from "../support/api.ts";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { Stage } from "./stage.ts";

type Damage = (file: string, random: () => number) => void;

const damages: readonly Damage[] = [
  function flipBit(file, random) {
    const bytes = readFileSync(file);
    const at = Math.floor(random() * bytes.byteLength);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    writeFileSync(file, bytes);
  },
  function cutTail(file, random) {
    truncateSync(file, Math.floor(random() * statSync(file).size));
  },
  function empty(file) {
    truncateSync(file, 0);
  },
];

interface Run {
  readonly id: string;
  /** What it prints. */
  readonly text: Buffer;
  readonly damage: Damage | null;
  readonly loseShim: boolean;
}

/** Damaged spools at one time; as many processes live, and two more. */
const together = 12;
const settleMs = 60_000;

/** Damages `count` spools. */
export async function damageSpools({ count, seed }: FaultOptions): Promise<FaultReport> {
  const random = seeded(seed);
  return await Stage.use(async (stage) => {
    const findings = new Findings();
    let gaps = 0;
    for (let done = 0; done < count; done += together) {
      const runs = await startRuns(stage, Math.min(together, count - done), random);
      await damageAll(stage, runs, random);
      await untilEnded(stage, runs);
      const events = await stage.api.events();
      gaps += runs.filter((run) => judge(findings, run, events)).length;
      findings.check(stage.runner.isRunning, "the runner ended");
    }
    findings.measure("gaps", gaps);
    return findings;
  });
}

/** Runs that have printed while the runner was not connected: `damaged` ones to damage, and two others. */
async function startRuns(stage: Stage, damaged: number, random: () => number): Promise<Run[]> {
  const runs: Run[] = [];
  const go = path.join(stage.product.data, `go-${random()}`);
  for (let at = 0; at < damaged + 2; at++) {
    const file = path.join(stage.product.data, `prints-${random()}`);
    const lines = Array.from(
      { length: 3000 + Math.floor(random() * 3000) },
      (_, line) => `${at} ${line} ${random()}\n`,
    );
    const text = Buffer.from(lines.join(""));
    writeFileSync(file, text);
    const command = `while [ ! -e ${go} ]; do sleep 0.05; done; cat ${file}; exec sleep 3600`;
    const { process_id: id } = await stage.api.start({ command });
    const damage = at < damaged ? (damages[at % damages.length] ?? null) : null;
    runs.push({ id, text, damage, loseShim: at % 2 === 0 });
  }
  stage.proxy.faults = { refuse: true };
  stage.proxy.reset();
  writeFileSync(go, "");
  for (const { id, text } of runs) {
    const isWritten = (): boolean =>
      segmentsOf(stage, id).reduce((sum, file) => sum + statSync(file).size, 0) > text.byteLength;
    await waitUntil(`${id} is recorded`, isWritten, settleMs);
  }
  return runs;
}

function segmentsOf(stage: Stage, id: string): string[] {
  return globSync(path.join(stage.runner.data, "runs", `${id}-1`, "*.seg")).sort();
}

/** Kills the runner and some shims, damages what they left, and lets a new runner find it. */
async function damageAll(stage: Stage, runs: readonly Run[], random: () => number): Promise<void> {
  await stage.runner.kill();
  for (const { id, damage, loseShim } of runs) {
    if (loseShim) await killShim(path.join(stage.runner.data, "runs", `${id}-1`));
    const segments = segmentsOf(stage, id);
    const segment = segments[Math.floor(random() * segments.length)];
    if (segment !== undefined) damage?.(segment, random);
  }
  stage.proxy.faults = {};
  stage.runner.begin();
  await waitUntil("the runner is back", async () => (await stage.isOnline()) && stage.runner.isRunning, settleMs);
}

async function killShim(folder: string): Promise<void> {
  const { pid } = JSON.parse(readFileSync(path.join(folder, "claim"), "utf8")) as { pid: number };
  process.kill(pid, "SIGKILL");
  await waitUntil("the shim is gone", () => !existsSync(`/proc/${pid}`) || isZombie(pid));
}

function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

async function untilEnded(stage: Stage, runs: readonly Run[]): Promise<void> {
  for (const { id, loseShim } of runs) {
    if (!loseShim) await stage.api.stop(id, { grace_ms: 1000 });
    await waitUntil(`${id} has ended`, async () => (await stage.api.process(id)).state === "exited", settleMs);
  }
}

/** Notes what is wrong with what the log has of a run; whether it has a gap. */
function judge(findings: Findings, run: Run, events: readonly Event[]): boolean {
  const of = events.filter((event) => event.process_id === run.id && event.type !== "command");
  const name = `${run.id} (${run.damage?.name ?? "undamaged"}, shim ${run.loseShim ? "killed" : "alive"})`;
  const ends = of.filter(({ type }) => type === "exited");
  findings.check(ends.length === 1 && of.at(-1)?.type === "exited", `${name} has ${ends.length} ends`);
  const hasGap = of.some(({ type }) => type === "gap");
  let offset = 0;
  for (const event of of) {
    if (event.type !== "output") continue;
    const bytes = bytesOf(event);
    findings.check(event.offset === offset, `${name}: offset ${event.offset} where ${offset} follows`);
    findings.check(bytes.equals(run.text.subarray(offset, offset + bytes.byteLength)), `${name}: other bytes`);
    offset += bytes.byteLength;
  }
  const isWhole = offset === run.text.byteLength;
  findings.check(isWhole || hasGap, `${name}: ${run.text.byteLength - offset} bytes are missing in silence`);
  findings.check(run.damage !== null || !hasGap, `${name} has a gap`);
  return hasGap;
}
