// What the owner is shown of something that asks to run: all of it, element by element, as rows of plain text.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import { maxShownBytes, maxShownLines } from "@longwire/shared/limits.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { quoteLines, quoteVisibly } from "./visible-text.ts";
import type { WhatRuns } from "./what-runs.ts";

/** A label, empty where the row goes on with the one before, and what stands behind it. */
export type ShownRow = readonly [label: string, text: string];

export function showWhatRuns({ request, cwd, bound }: WhatRuns): ShownRow[] {
  const { name, command, argv, env = {}, stdin, tty, ready, restart, queue, keep_background } = request;
  const program = bound.program === null ? "there is no such program" : quoteVisibly(bound.program.path);
  const flags = [tty === true ? "in a terminal" : "", keep_background === true ? "leaves its background running" : ""];
  return [
    ...(name === undefined ? [] : [["name", quoteVisibly(name)] as const]),
    ...(argv === undefined
      ? rows("command", quoteLines(command ?? ""))
      : rows(
          "argv",
          argv.map((one) => quoteVisibly(one)),
        )),
    ["program", command === undefined ? program : `${program}, a shell`],
    ["folder", quoteVisibly(cwd)],
    ...(bound.folder === null || bound.folder.path === cwd
      ? []
      : [["", `which is ${quoteVisibly(bound.folder.path)}`] as const]),
    ...rows(
      "sets",
      Object.entries(env).map(([variable, value]) => `${variable}=${quoteVisibly(value)}`),
    ),
    ...(stdin === undefined ? [] : [["input", `${Buffer.byteLength(stdin)} bytes are given to it`] as const]),
    ...(ready?.command === undefined ? [] : rows("also runs", quoteLines(ready.command))),
    ...(restart === undefined || restart.policy === "never" ? [] : [["restarts", sayRestart(restart)] as const]),
    ...(queue === undefined || queue.delay_ms === 0 ? [] : [["begins", `${queue.delay_ms} ms from then`] as const]),
    ...rows(
      "how",
      flags.filter((flag) => flag !== ""),
    ),
  ];
}

export function sayRestart({ policy, max }: NonNullable<StartRequest["restart"]>): string {
  return `${policy === "always" ? "whenever it ends" : "when it fails"}, up to ${max} times in a row`;
}

function rows(label: string, texts: readonly string[]): ShownRow[] {
  return texts.map((text, index) => [index === 0 ? label : "", text] as const);
}

/** Why the owner is not asked: what nobody can take in is not approved. Null where it can be shown. */
export function findShowFault(what: WhatRuns): Refusal | null {
  const shown = showWhatRuns(what);
  const bytes = shown.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
  if (bytes <= maxShownBytes && shown.length <= maxShownLines) return null;
  return {
    code: "denied_by_machine",
    detail: "What would run is too long to be shown to the machine's owner, so they are not asked.",
    hint: `Put it in a script on the machine, and start that. The owner is shown up to ${maxShownBytes} bytes.`,
  };
}
