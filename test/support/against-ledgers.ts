// What was stored, against what the children say they printed: exactly once, in order, with one beginning and one end.

import { readFileSync } from "node:fs";
import type { Event } from "@longwire/shared/api/views.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { outputOf } from "./api.ts";

/** What is wrong, in words. `ledgers` are files by process id; every child was to end with `returncode`. */
export function compareWithLedgers(
  stored: readonly Event[],
  ledgers: ReadonlyMap<string, string>,
  returncode: number,
): string[] {
  const wrongs: string[] = [];
  const missing = stored.findIndex(({ seq }, at) => seq !== at + 1);
  if (missing >= 0) wrongs.push(`seq ${missing + 1} is missing or doubled`);
  for (const [id, ledger] of ledgers) {
    const of = stored.filter((event) => event.process_id === id);
    for (const type of ["started", "exited"]) {
      const count = of.filter((event) => event.type === type).length;
      if (count !== 1) wrongs.push(`${id} has ${count} events ${type}`);
    }
    const exit = of.find((event) => event.type === "exited");
    if (exit?.returncode !== returncode) wrongs.push(`${id} ended with ${exit?.returncode ?? exit?.reason}`);
    if (of.some((event) => event.type === "gap")) wrongs.push(`${id} has a gap`);
    else wrongs.push(...compareOutput(id, of, readFileSync(ledger)));
  }
  return wrongs;
}

function compareOutput(id: string, events: readonly Event[], printed: Buffer): string[] {
  let output: Buffer;
  try {
    output = outputOf(events, id);
  } catch (error) {
    return [`${id}: ${reasonOf(error)}`];
  }
  return output.equals(printed) ? [] : [`${id} differs from its ledger: ${output.length} bytes of ${printed.length}`];
}

/** Where what a viewer got is another than the log. */
export function compareViews(viewed: readonly Event[], stored: readonly Event[]): string[] {
  const at = stored.findIndex((event, index) => JSON.stringify(event) !== JSON.stringify(viewed[index]));
  return at < 0 ? [] : [`the viewer differs from the log at seq ${at + 1}`];
}
