// Every fault there is, by its number. `pnpm soak --fault F2` raises one with its whole count, `pnpm soak --all` each of
// them; a test raises each with its brief count.

import { blackHoleLink } from "./black-hole-link.ts";
import { blackHoleViewer } from "./black-hole-viewer.ts";
import { carryBrokenText, carryEveryByte, carryLongLines } from "./carry-bytes.ts";
import { changeNetwork } from "./change-network.ts";
import { churn } from "./churn.ts";
import { crowdWaits } from "./crowd-of-waits.ts";
import { cutFrames } from "./cut-frames.ts";
import { damageSpools } from "./damage-spools.ts";
import { disconnect } from "./disconnect.ts";
import { dropAllMachines } from "./drop-all-machines.ts";
import type { Fault, FaultReport } from "./fault.ts";
import { flood } from "./flood.ts";
import { killControlPlane } from "./kill-control-plane.ts";
import { killBoth, killRunner } from "./kill-runner.ts";
import { knock } from "./knock.ts";
import { speakMalformed } from "./malformed.ts";
import { outgrowLog } from "./outgrow-log.ts";
import { raceStopWithExit } from "./race-stop-with-exit.ts";
import { replayCommands } from "./replay-commands.ts";
import { resetOften } from "./reset-often.ts";
import { retryStart } from "./retry-start.ts";
import { rivalRunners } from "./rival-runners.ts";
import { starveViewer } from "./starve-viewer.ts";
import { suspendRunner } from "./suspend-runner.ts";
import { sendTooMuch } from "./too-large.ts";

export const catalogue: readonly Fault[] = [
  {
    id: "F0",
    title: "29,297 lines through a disconnect with a kill -9 of the control plane inside it",
    unit: "seconds",
    brief: 60,
    whole: 600,
    raise: disconnect,
  },
  { id: "F1", title: "kill -9 of the runner in mid-stream", unit: "kills", brief: 20, whole: 50, raise: killRunner },
  {
    id: "F2",
    title: "kill -9 of the control plane in mid-stream",
    unit: "kills",
    brief: 5,
    whole: 50,
    raise: killControlPlane,
  },
  { id: "F3", title: "kill -9 of both at once", unit: "kills", brief: 5, whole: 50, raise: killBoth },
  {
    id: "F4",
    title: "a black hole between runner and control plane",
    unit: "seconds",
    brief: 25,
    whole: 120,
    raise: blackHoleLink,
  },
  {
    id: "F5",
    title: "a black hole between viewer and control plane",
    unit: "seconds",
    brief: 20,
    whole: 120,
    raise: blackHoleViewer,
  },
  {
    id: "F6",
    title: "links reset every 0.1 to 2 s",
    unit: "reconnects",
    brief: 100,
    whole: 1000,
    raise: resetOften,
  },
  {
    id: "F9",
    title: "frames a byte at a time, and cut in the middle",
    unit: "cuts",
    brief: 6,
    whole: 60,
    raise: cutFrames,
  },
  {
    id: "F10",
    title: "a viewer at 1 kB/s among fast ones",
    unit: "fast viewers",
    brief: 3,
    whole: 9,
    raise: starveViewer,
  },
  { id: "F13", title: "damaged spools", unit: "spools", brief: 12, whole: 120, raise: damageSpools },
  {
    id: "F14",
    title: "a log that is outgrown while the control plane is killed",
    unit: "kills",
    brief: 3,
    whole: 30,
    raise: outgrowLog,
  },
  {
    id: "F16",
    title: "lines of 1 MiB, and output without a newline",
    unit: "MiB",
    brief: 7,
    whole: 64,
    raise: carryLongLines,
  },
  {
    id: "F17",
    title: "invalid UTF-8, and characters in two pieces",
    unit: "rounds",
    brief: 2,
    whole: 20,
    raise: carryBrokenText,
  },
  {
    id: "F18",
    title: "every byte there is, and random ones",
    unit: "MB",
    brief: 10,
    whole: 100,
    raise: carryEveryByte,
  },
  {
    id: "F19",
    title: "a flood as fast as it is taken",
    unit: "MB",
    brief: 60,
    whole: 600,
    raise: flood,
  },
  {
    id: "F21",
    title: "two runners with one machine token",
    unit: "rounds",
    brief: 1,
    whole: 10,
    raise: rivalRunners,
  },
  {
    id: "F32",
    title: "a runner that is stopped and goes on",
    unit: "seconds",
    brief: 35,
    whole: 600,
    raise: suspendRunner,
  },
  {
    id: "F23",
    title: "every machine's socket is dropped at once",
    unit: "machines",
    brief: 50,
    whole: 500,
    raise: dropAllMachines,
  },
  {
    id: "F25",
    title: "messages larger than any limit",
    unit: "rounds",
    brief: 1,
    whole: 10,
    raise: sendTooMuch,
  },
  {
    id: "F26",
    title: "malformed frames and bodies",
    unit: "frames",
    brief: 3000,
    whole: 1_000_000,
    raise: speakMalformed,
  },
  {
    id: "F28",
    title: "a start's frame said again: same link, new link, another machine",
    unit: "rounds",
    brief: 1,
    whole: 10,
    raise: replayCommands,
  },
  {
    id: "F29",
    title: "a start repeated under one key while the control plane is killed",
    unit: "tries",
    brief: 4,
    whole: 20,
    raise: retryStart,
  },
  {
    id: "F30",
    title: "a stop against an exit",
    unit: "races",
    brief: 100,
    whole: 1000,
    raise: raceStopWithExit,
  },
  {
    id: "F34",
    title: "the network goes away and comes back with another address",
    unit: "changes",
    brief: 3,
    whole: 30,
    raise: changeNetwork,
  },
  {
    id: "F35",
    title: "upgrades without a key: absent, malformed and unknown tokens",
    unit: "upgrades",
    brief: 300,
    whole: 2000,
    raise: knock,
  },
  { id: "F36", title: "many waits at once on one machine", unit: "waits", brief: 200, whole: 900, raise: crowdWaits },
  { id: "churn", title: "twenty processes, over and over", unit: "rounds", brief: 5, whole: 50, raise: churn },
];

/** The fault of this number; throws where there is none. */
export function faultOf(id: string): Fault {
  const fault = catalogue.find((one) => one.id === id);
  if (fault === undefined) throw new Error(`no fault ${id}: there are ${catalogue.map((one) => one.id).join(", ")}`);
  return fault;
}

/** Raises a fault as a test does: the brief count and a fixed seed. */
export async function raiseBriefly(id: string): Promise<FaultReport> {
  const { raise, brief } = faultOf(id);
  const report = await raise({ count: brief, seed: 7 });
  process.stdout.write(`${id} ${JSON.stringify(report.figures)} ${report.late.join("; ")}\n`);
  return report;
}
