import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import { expect, test } from "vitest";
import { isFor } from "./is-for.ts";

const id = "1".repeat(32) as CommandId;
const command: Command = {
  id,
  expires_at: 1,
  operation: { op: "signal", process: "p1" as ProcessId, signal: "SIGINT", tree: false },
};

test("[D31] a command is for the machine it names, and for any where it names none", () => {
  expect(isFor({ ...command, machine_id: "m_here" }, "m_here")).toBe(true);
  expect(isFor({ ...command, machine_id: "m_there" }, "m_here")).toBe(false);
  expect(isFor(command, "m_here")).toBe(true);
});
