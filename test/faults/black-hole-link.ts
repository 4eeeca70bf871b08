// F4: the runner's link stays open and nothing passes. The runner has to find out by itself, and to keep what is printed
// on disk and not in memory.

import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { spoolBytes } from "@longwire/shared/limits.ts";
import { residentBytes } from "../support/process-figures.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { Stage } from "./stage.ts";

const linesPerSecond = 200;

export async function blackHoleLink({ count: seconds }: FaultOptions): Promise<FaultReport> {
  return await Stage.use(async (stage) => {
    await stage.startLines(seconds * linesPerSecond, seconds + 5);
    await stage.untilPrinting();
    const before = residentBytes(stage.runner.pid);
    const dials = stage.proxy.accepted;
    stage.proxy.faults = { blackHole: true };
    const startedAt = performance.now();
    await waitUntil("the runner dials again", () => stage.proxy.accepted > dials, seconds * 1000);
    const noticedMs = performance.now() - startedAt;
    await delay(Math.max(0, seconds * 1000 - noticedMs));
    const grown = residentBytes(stage.runner.pid) - before;
    stage.proxy.faults = {};
    const healedAt = performance.now();
    await stage.untilOnline();
    const reattachMs = performance.now() - healedAt;
    const wrongs = await stage.compare();
    if (grown > spoolBytes) wrongs.push(`the runner grew by ${grown} bytes`);
    const { late, figures } = judgeTimes("noticed", [noticedMs], { most: 20_000 });
    return { wrongs, late, figures: { ...figures, reattach_ms: Math.round(reattachMs), grown_bytes: grown } };
  });
}
