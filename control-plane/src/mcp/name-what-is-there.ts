// A name that stands for nothing is answered with the names that stand for something.

import type { Refusal } from "@longwire/shared/errors.ts";
import { labelOf } from "./text/describe-process.ts";
import { reachTarget, type ToolCall } from "./tool-call.ts";

const maxNamed = 20;

/** The refusal, with the machine's live processes where a process was not found. */
export async function nameWhatIsThere(call: ToolCall, args: unknown, refusal: Refusal): Promise<Refusal> {
  if (refusal.code !== "not_found" || refusal.hint !== undefined) return refusal;
  if (typeof args !== "object" || args === null || !("process" in args)) return refusal;
  const machine = "machine" in args && typeof args.machine === "string" ? args.machine : undefined;
  const reached = await reachTarget(call, machine);
  if (!reached.ok) return refusal;
  const query = { metrics: false, state: "live", limit: maxNamed } as const;
  const { items } = await reached.value.machine.listProcesses(query);
  const named = items.length === 0 ? "It has none." : `It has: ${items.map((one) => labelOf(one)).join(", ")}.`;
  return { ...refusal, hint: `${named} list_processes(state="all") shows all of them.` };
}
