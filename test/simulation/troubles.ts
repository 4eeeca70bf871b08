// What befalls a simulated product. Each run draws a few kinds of trouble and raises them one after the other.

import { restoredLeap } from "@longwire/shared/limits.ts";
import type { History } from "./history.ts";
import type { MachineHost } from "./machine-host.ts";
import type { ObjectHost } from "./object-host.ts";
import { clock, world } from "./platform/clock.ts";
import { disk, existsSync, readFileSync } from "./platform/disk.ts";
import { network } from "./platform/network.ts";
import { between, chance, pick, whole } from "./platform/random.ts";
import { Rival } from "./rival.ts";
import type { Viewer } from "./viewer.ts";

export interface Scene {
  readonly object: ObjectHost;
  readonly machine: MachineHost;
  readonly viewers: readonly Viewer[];
  readonly history: History;
  /** Brings the backup back; null before one was made. */
  backup: { readonly head: number; readonly restore: () => void } | null;
}

/** A trouble of this duration, ended by the world. */
function forAWhile(maxMs: number, end: () => void): void {
  clock.after(world, between(0.1, 1) * maxMs, end);
}

export const troubles: Readonly<Record<string, (scene: Scene) => void>> = {
  cutLink: () => pick([...network.connections])?.cut(),
  cutViewer: ({ viewers }) => pick(viewers)?.cut(),
  refuse: () => {
    network.weather.refuses = true;
    for (const connection of network.connections) connection.cut();
    forAWhile(3000, () => (network.weather.refuses = false));
  },
  blackHole: () => {
    network.weather.swallows = true;
    forAWhile(chance(0.2) ? 40_000 : 4000, () => (network.weather.swallows = false));
  },
  slow: () => {
    network.weather.latencyMs = between(10, 800);
    forAWhile(4000, () => (network.weather.latencyMs = 10));
  },
  repeatAndReorder: () => {
    Object.assign(network.weather, { repeats: 0.3, overtakes: 0.5 });
    forAWhile(4000, () => Object.assign(network.weather, { repeats: 0, overtakes: 0 }));
  },
  truncate: () => {
    network.weather.truncates = 0.2;
    forAWhile(2000, () => (network.weather.truncates = 0));
  },
  killRunner: ({ machine }) => machine.killRunner(),
  killRunnerInALaunch: ({ machine }) => (machine.killsInALaunch = true),
  killRunnerInAWrite: () => (disk.killAt = whole(0, 30)),
  killShim: ({ machine }) => machine.killShim(),
  fillDisk: () => {
    disk.isFull = true;
    forAWhile(5000, () => (disk.isFull = false));
  },
  flood: ({ machine }) => machine.flood(whole(20, 160)),
  evict: ({ object }) => object.evict(),
  crashObject: ({ object }) => object.crash(),
  crashObjectInATurn: ({ object }) => (object.killAt = whole(0, 40)),
  failWrite: ({ object }) => (object.failAt = whole(0, 20)),
  secondInstance: ({ object }) => object.replace(),
  // One that knows nothing of a restore cannot be a witness of it.
  secondRunner: ({ history, backup }) => void (backup === null && new Rival(history)),
  restore: (scene) => {
    const { object, history, backup } = scene;
    if (backup === null || chance(0.3)) {
      scene.backup = { head: history.head, restore: object.backUp() };
      return;
    }
    // A machine that lost its memory as well, was told within the last second, or not since the last restore, is no
    // witness of what the log was.
    const lastSeq = history.damages.isPowerCut ? 0 : readLastSeq();
    if (lastSeq <= backup.head || lastSeq + restoredLeap <= history.head) return;
    object.crash();
    backup.restore();
    history.restoreTo(backup.head);
  },
  cutPower: ({ machine, history }) => {
    if (history.damages.isRestored) return;
    history.damages.mayLose = true;
    history.damages.isPowerCut = true;
    machine.cutPower();
  },
  damageFile: ({ history }) => {
    if (disk.corrupt(".seg")) history.damages.mayLose = true;
  },
};

function readLastSeq(): number {
  if (!existsSync("/data/last-seq.json")) return 0;
  return (JSON.parse(String(readFileSync("/data/last-seq.json"))) as { last_seq: number }).last_seq;
}

/** The kinds of trouble of one run. */
export function drawTroubles(): string[] {
  const names = Object.keys(troubles);
  // Now and then all at once; mostly few, so that what each does is not hidden by the others.
  if (chance(0.1)) return names;
  return Array.from({ length: whole(1, 4) }, () => pick(names) ?? "");
}
