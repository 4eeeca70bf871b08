// F1 and F3: the runner is killed again and again while children print, alone or together with the control plane. Some
// children end while no runner lives.

import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { Stage } from "./stage.ts";

const linesPerSecond = 100;
const secondsPerKill = 1.3;
/** A child that is short enough to end while the runner is away. */
const short = { lines: 30, seconds: 0.3 };
const awayMs = 700;

async function kill({ count, seed }: FaultOptions, alsoControlPlane: boolean): Promise<FaultReport> {
  const random = seeded(seed);
  return await Stage.use(async (stage) => {
    const seconds = count * secondsPerKill;
    const long = await stage.startLines(seconds * linesPerSecond, seconds);
    const onlineMs: number[] = [];
    for (let at = 0; at < count; at++) {
      await stage.untilOnline();
      await delay(random() * 600);
      const endsAlone = at % 4 === 0;
      if (endsAlone) await stage.startLines(short.lines, short.seconds);
      if (alsoControlPlane) stage.killControlPlane();
      await stage.runner.kill();
      if (endsAlone) await delay(awayMs);
      if (alsoControlPlane) await waitUntil("the control plane is back", () => stage.isServing());
      stage.runner.begin();
      const beganAt = performance.now();
      await waitUntil("the runner is connected again", () => stage.runner.isConnected());
      onlineMs.push(performance.now() - beganAt);
    }
    const wrongs = await stage.compare();
    const pids = (await stage.api.events(0, `&process=${long}`)).filter((event) => event.type === "started");
    if (pids.length !== 1) wrongs.push(`${long} was started ${pids.length} times`);
    return { wrongs, ...judgeTimes("online", onlineMs, { most: 5000 }) };
  });
}

export const killRunner = (options: FaultOptions): Promise<FaultReport> => kill(options, false);
export const killBoth = (options: FaultOptions): Promise<FaultReport> => kill(options, true);
