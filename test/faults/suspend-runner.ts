// F32: the runner is stopped as a laptop's sleep stops it, and goes on. It connects again, what ran meanwhile is all
// there, and a command that grew too old in the meantime is not carried out.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Process } from "@longwire/shared/api/views.ts";
import { commandTtlMs } from "@longwire/shared/limits.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { Stage } from "./stage.ts";

const maxReattachMs = 10_000;
const linesPerSecond = 20;
/** How old the other command is when the runner goes on; answered with 503 where nobody was heard for a minute by then. */
const freshSeconds = 3;

/** Stops the runner for `count` seconds, which are more than a command may wait. */
export async function suspendRunner({ count }: FaultOptions): Promise<FaultReport> {
  return await Stage.use(async (stage) => {
    const findings = new Findings();
    const { api, product, runner } = stage;
    const seconds = count + 5;
    await stage.startLines(seconds * linesPerSecond, seconds);
    const marker = (name: string): string => path.join(product.data, name);
    const ask = async (name: string): Promise<{ status: number; body: Process }> =>
      await api.call<Process>("POST", "/processes", { command: `echo run >> ${marker(name)}` });

    process.kill(runner.pid, "SIGSTOP");
    const stoppedAt = performance.now();
    const stale = ask("stale");
    const passed = async (many: number): Promise<unknown> =>
      await waitUntil("the time is over", () => performance.now() - stoppedAt > many * 1000, Infinity);
    await passed(count - freshSeconds);
    const fresh = ask("fresh");
    await passed(count);
    const { status } = await stale;
    findings.check(status === 504, `a start that nobody hears is answered with ${status}`);
    findings.check(performance.now() - stoppedAt > commandTtlMs, "the first command is not too old");
    process.kill(runner.pid, "SIGCONT");
    const continuedAt = performance.now();
    await waitUntil("it carries out commands", async () => (await ask("after")).status === 201, 60_000);
    findings.measure("reattach_ms", performance.now() - continuedAt, maxReattachMs);

    const { status: answered } = await fresh;
    for (const wrong of await stage.compare()) findings.check(false, wrong);
    findings.check(!existsSync(marker("stale")), "a command beyond its time was carried out");
    const wasRun = existsSync(marker("fresh")) ? readFileSync(marker("fresh"), "utf8").split("\n").length - 1 : 0;
    findings.check(wasRun <= 1, `a command was carried out ${wasRun} times`);
    findings.check(wasRun === 1 || answered !== 201, "a command that was answered was not carried out");
    findings.measure("fresh_status", answered);
    const outcomes = (await api.events(0, "&type=command")).filter(({ outcome }) => outcome === "refused");
    findings.measure("refused", outcomes.length);
    return findings;
  });
}
