// Reads the text of a policy file: JSON with comments and trailing commas. The first thing that is wrong is said with
// its line and path, and nothing of such a file counts.

import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type * as z from "zod";
import { maxPolicyBytes } from "@longwire/shared/limits.ts";

/** What is wrong, and where: `path` is empty where the text as a whole is. */
export interface TextFault {
  readonly line: number;
  readonly path: string;
  readonly message: string;
}

export type ReadText<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: TextFault };

/** Something a check of its own found, beside what the schema says. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Reads `text` by `schema`; `check` finds what a schema cannot say. */
export function readJsonText<T>(text: string, schema: z.ZodType<T>, check: (value: T) => Finding | null): ReadText<T> {
  if (Buffer.byteLength(text) > maxPolicyBytes) return fail(text, 0, [], `is larger than ${maxPolicyBytes} bytes`);
  const errors: ParseError[] = [];
  const tree = parse(text, errors);
  if (tree === null) return fail(text, 0, [], "is nested too deep");
  const [error] = errors;
  if (error !== undefined) return fail(text, error.offset, [], `is no JSON: ${sayParseError(error)}`);
  if (tree === undefined) return fail(text, 0, [], "is empty");
  const twin = findTwin(tree, []);
  if (twin !== null) return fail(text, twin.offset, twin.path, "stands there twice, or is no key");
  const parsed = schema.safeParse(getNodeValue(tree));
  const finding = parsed.success ? check(parsed.data) : findingOf(parsed.error.issues[0]);
  if (finding !== null) return fail(text, offsetOf(tree, finding.path), finding.path, finding.message);
  return parsed.success ? { ok: true, value: parsed.data } : fail(text, 0, [], "is not valid");
}

/** Null where it is nested deeper than the parser, which calls itself, can follow. */
function parse(text: string, errors: ParseError[]): Node | undefined | null {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function sayParseError({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}

function findingOf(issue: z.core.$ZodIssue | undefined): Finding | null {
  if (issue === undefined) return null;
  const { path } = issue;
  if (issue.code === "unrecognized_keys") return { path: [...path, issue.keys[0] ?? ""], message: "is no known key" };
  if (issue.code === "invalid_key") return { path, message: issue.issues[0]?.message ?? issue.message };
  return { path, message: issue.message };
}

/** A key that stands twice in its object, where the last one would win in silence; or one that means the prototype. */
function findTwin(node: Node, path: readonly PropertyKey[]): { offset: number; path: readonly PropertyKey[] } | null {
  const seen = new Set<string>();
  for (const [index, child] of (node.children ?? []).entries()) {
    const [key, value] = node.type === "object" ? (child.children ?? []) : [undefined, child];
    const step: PropertyKey = key === undefined ? index : String(key.value);
    if (key !== undefined) {
      if (seen.has(String(step)) || step === "__proto__") return { offset: key.offset, path: [...path, step] };
      seen.add(String(step));
    }
    const found = value === undefined ? null : findTwin(value, [...path, step]);
    if (found !== null) return found;
  }
  return null;
}

/** Where the last part of `path` that is there begins. */
function offsetOf(tree: Node, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(tree, path.slice(0, depth) as (string | number)[]);
    if (node !== undefined) return node.parent?.type === "property" ? node.parent.offset : node.offset;
  }
  return tree.offset;
}

function fail(text: string, offset: number, path: readonly PropertyKey[], message: string): ReadText<never> {
  const line = text.slice(0, offset).split("\n").length;
  return { ok: false, fault: { line, path: path.map(String).join("."), message } };
}
