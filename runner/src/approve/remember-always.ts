// Puts an exact command into the owner's policy file, for good. The owner's comments and layout stay, and what would not
// load afterwards is not written.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { applyEdits, modify } from "jsonc-parser";
import type { ExactCommand } from "../admit/policy-schema.ts";
import { findReach, readPolicy, readPolicyText } from "../admit/policy-source.ts";
import { newPolicyText } from "../policy-cli/add-commands.ts";
import { writePrivately } from "../policy-cli/write-privately.ts";

/** `file`: the owner's, which need not be there yet. Throws, and changes nothing, where that cannot be. */
export function rememberAlways(file: string, exact: ExactCommand): void {
  const policy = readPolicy({ path: file, allowAll: false });
  if (policy.type === "broken") throw new Error(policy.fault);
  const text = addAlways(existsSync(file) ? readFileSync(file, "utf8") : newPolicyText, exact);
  const read = readPolicyText(text);
  if (!read.ok) throw new Error(`the file would not load with it: ${read.fault.path}: ${read.fault.message}`);
  const reach = findReach(read.value, existsSync(file) ? realpathSync(file) : file);
  if (reach !== null) throw new Error(reach);
  writePrivately(file, text);
}

/** The policy's text with `exact` as the last of its `always`, once. */
export function addAlways(text: string, { command, argv, cwd }: ExactCommand): string {
  const entry = { ...(command === undefined ? {} : { command }), ...(argv === undefined ? {} : { argv }), cwd };
  const read = readPolicyText(text);
  const known = read.ok ? read.value.always : [];
  if (known.some((one) => JSON.stringify(one) === JSON.stringify(entry))) return text;
  const path = known.length === 0 ? ["always"] : ["always", known.length];
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: "\n" };
  return applyEdits(text, modify(text, path, known.length === 0 ? [entry] : entry, { formattingOptions }));
}
