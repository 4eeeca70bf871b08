// search_output

import * as z from "zod";
import { machineSearchQuerySchema } from "@longwire/shared/api/search-requests.ts";
import type { SearchAnswer, SearchMatch } from "@longwire/shared/api/views.ts";
import { defaultOutputChars, defaultSearchLimit, maxSearchBytes, maxSearchLimit } from "@longwire/shared/limits.ts";
import { compilePattern } from "@longwire/shared/pattern.ts";
import { searchMachine } from "../../output/search-machine.ts";
import { succeed } from "../../result.ts";
import { composeAnswer } from "../text/compose-answer.ts";
import { nameCall } from "../text/name-call.ts";
import { showSafely } from "../text/show-safely.ts";
import { reachTarget } from "../tool-call.ts";
import { defineTool, readsOnly } from "../tool.ts";
import * as fields from "./fields.ts";

const since = z
  .string()
  .max(64)
  .refine((text) => !Number.isNaN(Date.parse(text)), "must be a time, such as 2026-07-28T12:00:00Z")
  .transform((text) => Date.parse(text))
  .optional();

const input = z.strictObject({
  pattern: fields.pattern.describe("RE2 pattern, looked for in each line."),
  process: fields.process.optional().describe("Only this process. Default: every one, newest first."),
  context: fields.context,
  since: since.describe("Only what was printed since this time (RFC 3339)."),
  limit: z.number().int().min(1).max(maxSearchLimit).default(defaultSearchLimit).describe("Matches at most."),
  cursor: machineSearchQuerySchema.shape.cursor.describe("To go on, as an earlier answer names it."),
  machine: fields.machine,
});
type Input = z.infer<typeof input>;

export const searchOutput = defineTool({
  name: "search_output",
  title: "Search output",
  description: `Find lines in what processes printed: in the latest run of each, also of those that ended, or of one process. Answers with each match, its process and cursor, and the lines around it. Use it to find an error when you do not know where it was printed; to read on from a match, use read_output(process=…, after=<its cursor>). To wait for a line that is still to come, use wait_process(pattern=…).`,
  input,
  annotations: readsOnly,
  async run(call, asked) {
    const pattern = compilePattern(asked.pattern);
    if (!pattern.ok) return pattern;
    const reached = await reachTarget(call, asked.machine);
    if (!reached.ok) return reached;
    const { pattern: source, process, context, since: from, limit, cursor: at } = asked;
    const query = { pattern: source, process, context, since: from, limit, cursor: at };
    const { machine } = reached.value;
    const found = await searchMachine({ machine, pattern: pattern.value, query, maxSteps: maxSearchBytes });
    return found.ok ? succeed({ text: present(found.value, asked) }) : found;
  },
});

function present({ items, next_cursor: end }: SearchAnswer, asked: Input): string {
  const blocks: string[] = [];
  let room = defaultOutputChars;
  for (const item of items) {
    const block = describeMatch(item);
    if (block.length > room && blocks.length > 0) break;
    blocks.push(block.slice(0, room));
    room -= Math.min(block.length, room);
  }
  const [cut] = items.slice(blocks.length);
  const next = cut === undefined ? end : `${cut.process_id}.${cut.cursor}`;
  const { pattern, process, context, limit, machine } = asked;
  const again = { pattern, process, context, limit, machine };
  const [first] = items;
  return composeAnswer({
    head: [
      `${blocks.length} ${blocks.length === 1 ? "match" : "matches"}`,
      next === null ? "everything was searched" : `searched up to ${next}`,
    ],
    output: blocks.join(""),
    foot: [
      next === null
        ? ""
        : `left out: what lies behind; ${nameCall("search_output", { ...again, cursor: next })} goes on`,
      first === undefined
        ? `next: ${nameCall("list_processes", { machine, state: "all" })} shows what there is to search`
        : `next: ${nameCall("read_output", { machine, process: first.name ?? first.process_id, after: first.cursor })} reads on from the first match`,
    ],
  });
}

/** The match behind `>`, the lines around it, and where it is. */
function describeMatch({ process_id: id, name, cursor, text, before, after }: SearchMatch): string {
  const lines = [...before.map((line) => `  ${line}`), `> ${text}`, ...after.map((line) => `  ${line}`)];
  return showSafely(`${name === undefined ? id : `${name} (${id})`} @${cursor}\n${lines.join("\n")}\n`);
}
