// F23: hundreds of machines lose their control plane at the same moment, as a deploy or a crash takes it. Each has
// printed before and prints on meanwhile.

import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api, outputOf } from "../support/api.ts";
import { Product } from "../support/product.ts";
import { seeded } from "../support/random.ts";
import { enrollMachine, SimulatedRunner } from "../support/simulated-runner.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { killWorkerd } from "./stage.ts";

const enrolAtOnce = 10;
const settleMs = 180_000;

interface Member {
  readonly runner: SimulatedRunner;
  readonly api: Api;
  printed: string;
}

export async function dropAllMachines({ count, seed }: FaultOptions): Promise<FaultReport> {
  // All the machines are one address to it.
  const product = await Product.start({
    env: { LONGWIRE_ENTRIES_PER_MINUTE: "1000000", LONGWIRE_GUESSES_PER_MINUTE: "1000000" },
  });
  const fleet: Member[] = [];
  try {
    const random = seeded(seed);
    const enrollKey = readFileSync(path.join(product.data, "enroll-key"), "utf8");
    while (fleet.length < count) {
      const some = Array.from({ length: Math.min(enrolAtOnce, count - fleet.length) }, async (_, at) => {
        return await join(product.ready.url, enrollKey, `machine-${fleet.length + at}`, random);
      });
      fleet.push(...(await Promise.all(some)));
    }
    await waitUntil("all are connected", () => fleet.every(({ runner }) => runner.isConnected), settleMs);
    printAll(fleet, 5);
    await waitUntil("all is stored", () => fleet.every(({ runner }) => runner.isDone), settleMs);

    const serving = async (): Promise<boolean> => {
      return await fetch(`${product.ready.url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    };
    killWorkerd(product);
    await waitUntil("all are cut off", () => fleet.every(({ runner }) => !runner.isConnected), settleMs);
    printAll(fleet, 5);
    await waitUntil("the control plane is back", serving, settleMs);
    const backAt = performance.now();
    const calls = callOften(fleet, random);
    await waitUntil("all are back", () => fleet.every(({ runner }) => runner.isConnected), settleMs);
    for (const { runner } of fleet) runner.end();
    await waitUntil("all is stored", () => fleet.every(({ runner }) => runner.isDone), settleMs);
    const { failed, done } = await calls.end();
    const backMs = fleet.map(({ runner }) => Math.max(0, runner.welcomedAt - backAt));
    const wrongs = (await Promise.all(fleet.map(compare))).flat();
    if (failed > done * 0.01) wrongs.push(`${failed} of ${done} calls failed once the machines were back`);
    const times = judgeTimes("back", backMs, { p95: 15_000, most: 60_000 });
    const firstDelays = fleet.map(({ runner }) => runner.delaysMs[0] ?? 0);
    const spread = Math.round(Math.max(...firstDelays) - Math.min(...firstDelays));
    const window = Math.round(Math.max(...firstDelays));
    if (spread < window / 2) wrongs.push(`the first tries come within ${spread} of ${window} ms`);
    return {
      wrongs,
      late: times.late,
      figures: { ...times.figures, calls: done, calls_failed: failed, spread, window },
    };
  } finally {
    for (const { runner } of fleet) runner.close();
    await product.close();
  }
}

async function join(url: string, enrollKey: string, name: string, random: () => number): Promise<Member> {
  const machine = await enrollMachine(url, enrollKey, name);
  const runner = new SimulatedRunner({ url, token: machine.machine_token, random });
  return { runner, api: new Api({ url, token: machine.admin_token }), printed: "" };
}

function printAll(fleet: readonly Member[], lines: number): void {
  for (const [at, member] of fleet.entries()) {
    for (let line = 0; line < lines; line++) {
      const text = `${at} ${line} ${"x".repeat(at % 200)}\n`;
      member.printed += text;
      member.runner.print(text);
    }
  }
}

/** Calls of the API while the machines return: counted from when all are back, so that what is told is the aftermath. */
function callOften(
  fleet: readonly Member[],
  random: () => number,
): { end(): Promise<{ failed: number; done: number }> } {
  let failed = 0;
  let done = 0;
  let isEnding = false;
  const calling = (async () => {
    while (!isEnding || done < 100) {
      const member = fleet[Math.floor(random() * fleet.length)];
      const isBack = fleet.every(({ runner }) => runner.isConnected);
      const status = await member?.api.call("GET", "").then(
        (answer) => answer.status,
        () => 0,
      );
      if (isBack) {
        done++;
        if (status !== 200) failed++;
      }
      await delay(5);
    }
  })();
  return {
    end: async () => {
      isEnding = true;
      await calling;
      return { failed, done };
    },
  };
}

async function compare({ api, printed }: Member, at: number): Promise<string[]> {
  const events = await api.events();
  const wrongs: string[] = [];
  if (events.some(({ seq }, index) => seq !== index + 1)) wrongs.push(`machine ${at}: a seq is missing or doubled`);
  if (events.some(({ type }) => type === "gap")) wrongs.push(`machine ${at} has a gap`);
  if (outputOf(events, "p1").toString() !== printed) wrongs.push(`machine ${at} differs from what it printed`);
  return wrongs;
}
