// A machine whose every word is somebody's script: what it is, what runs on it, what waits, what failed, what is printed.
// It speaks the link itself, so it says what no caller of the API could have given a process.

import { randomBytes } from "node:crypto";
import type { ApprovalId, CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { maxNameLength } from "@longwire/shared/limits.ts";
import { SimulatedRunner } from "../../support/simulated-runner.ts";
import { scripts } from "../corpus/scripts.ts";

const newCommand = (): CommandId => randomBytes(16).toString("hex") as CommandId;
const at = Date.now();
const all = scripts.join("\n");
const names = scripts.map((script) => script.slice(0, maxNameLength));
const tags = names.slice(0, 4);

/** One process for each script, and one that waits for the owner; `p1` prints them all. */
export function openTellingMachine(url: string, token: string): SimulatedRunner {
  const asked = newCommand();
  const [name = ""] = names;
  const waiting = `p${scripts.length + 2}` as ProcessId;
  const runner: SimulatedRunner = new SimulatedRunner({
    ...{ url, token },
    label: { name: "prints", command: all, cwd: all, tags },
    hello: {
      ...{ os: names[1] ?? "", arch: names[2] ?? "", runner_version: names[3] ?? "", policy_mode: "ask" },
      commands: names.map((one) => ({
        ...{ name: one, tags },
        params: { [one]: { type: "enum", required: true, values: [one], default: one, pattern: one } },
      })),
    },
    onFrame(frame) {
      if (frame.type !== "list_approvals") return;
      const item = {
        ...{
          approval_id: asked.slice(0, 12) as ApprovalId,
          process_id: waiting,
          run: 1,
          name,
          argv: scripts,
          program: all,
        },
        ...{ cwd: all, env: scripts, stdin_bytes: 1, tty: true, ready_command: all, restart: all, asked_by: name },
        ...{ digest: "0".repeat(64), expires_in_ms: 120_000 },
      };
      runner.sendRaw(JSON.stringify({ type: "approvals", id: frame.id, items: [item] }));
    },
  });
  runner.print(`${all}\n`);
  for (const [index, script] of scripts.entries()) {
    const run = { process: `p${index + 2}` as ProcessId, run: 1, at };
    const label = { name: names[index] ?? "", command: script, cwd: script, tags: [names[index] ?? ""], tty: false };
    runner.say({ type: "starting", ...run, label, command_id: newCommand() });
    runner.say({ type: "failed", ...run, reason: "spawn_failed", detail: script });
  }
  const label = { name, argv: [...scripts], cwd: all, tags, tty: true };
  const run = { process: waiting, run: 1, at };
  runner.say({ type: "pending", ...run, label, command_id: asked, waiting_for: "approval", detail: all });
  return runner;
}
