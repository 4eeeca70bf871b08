// A machine without a machine that has many processes of many runs each, for what looks at long lists.

import { randomBytes } from "node:crypto";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { joinMachine, type Server } from "./join-machine.ts";
import { SimulatedRunner } from "./simulated-runner.ts";

export const exited = (process: ProcessId, run: number, returncode = 0): Fact => ({
  ...{ type: "exited", process, run, at: Date.now(), returncode, signal: null, reason: "exit" },
});

export interface BusyOptions {
  /** Of the workspace that it joins. */
  readonly server: Server;
  readonly name: string;
  /** `job-0`, `job-1`… with the ids p2, p3…: the last run of each lives. */
  readonly processes: number;
  readonly runsEach: number;
  /** Of `often`, p1, which has ended. */
  readonly oftenRuns: number;
}

/** Resolves once the control plane has all of it. To be closed in the end. */
export async function openBusyMachine(options: BusyOptions): Promise<SimulatedRunner> {
  const { server, name, processes, runsEach, oftenRuns } = options;
  const token = await joinMachine(server, name);
  const label = { command: "simulated", cwd: "/", tags: ["old"], tty: false, name: "often" };
  const runner = new SimulatedRunner({ url: server.url, token, label });
  runner.end();
  const begin = (process: ProcessId, run: number, called: string, tag: string): void => {
    const ofRun = { process, run, at: Date.now() };
    const command = randomBytes(16).toString("hex") as CommandId;
    runner.say({ type: "starting", ...ofRun, label: { ...label, name: called, tags: [tag] }, command_id: command });
    runner.say({ type: "started", ...ofRun, pid: 1 });
  };
  for (let run = 2; run <= oftenRuns; run++) {
    begin("p1" as ProcessId, run, "often", "old");
    runner.say(exited("p1" as ProcessId, run));
  }
  for (let index = 0; index < processes; index++) {
    const process = `p${index + 2}` as ProcessId;
    for (let run = 1; run <= runsEach; run++) {
      begin(process, run, `job-${index}`, `team-${index % 4}`);
      if (run < runsEach) runner.say(exited(process, run));
    }
  }
  await waitUntil("all of it is told", () => runner.isDone, 30_000);
  return runner;
}
