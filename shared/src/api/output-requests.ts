// What callers ask of a run's output, and of two runs' beside each other.

import * as z from "zod";
import {
  defaultOutputChars,
  maxGrepContext,
  maxOutputChars,
  maxPatternLength,
  maxTailLines,
  minOutputChars,
} from "../limits.ts";
import { wholeNumber } from "./whole-number.ts";
import { outputCursorSchema, waitFields, waitProblems, fillWait } from "./wait-requests.ts";

export const outputFormats = ["text", "json", "digest", "raw"] as const;

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const runSchema = wholeNumber(999_999_999).refine((run) => run > 0, "must be a run's number, from 1 on");
const charsSchema = wholeNumber(maxOutputChars).refine(
  (chars) => chars >= minOutputChars,
  `must be ${minOutputChars} or more`,
);

/** What shows some lines only; a digest and raw bytes are of all of them. */
const renderedOnly = ["tail", "grep", "context", "timestamps"] as const;

export const outputQuerySchema = z
  .strictObject({
    ...waitFields,
    after: outputCursorSchema.optional(),
    run: runSchema.optional(),
    tail: wholeNumber(maxTailLines)
      .refine((lines) => lines > 0, "must be 1 or more")
      .optional(),
    stream: z.enum(["stdout", "stderr", "tty"]).optional(),
    grep: z.string().min(1).max(maxPatternLength).optional().meta({ description: "RE2 syntax." }),
    context: wholeNumber(maxGrepContext).optional(),
    max_chars: charsSchema.optional(),
    format: z.enum(outputFormats).default("text"),
    timestamps: flag.optional(),
  })
  .superRefine((query, context) => {
    for (const { message, path } of waitProblems(query)) context.addIssue({ code: "custom", message, path });
    const add = (field: string, message: string): unknown =>
      context.addIssue({ code: "custom", message, path: [field] });
    if (query.after !== undefined && query.run !== undefined && query.after.run !== query.run) {
      add("run", "names another run than `after`");
    }
    if (query.after !== undefined && query.tail !== undefined) add("tail", "does not go with `after`");
    if (query.context !== undefined && query.grep === undefined) add("context", "goes with `grep` only");
    if (query.until === undefined && (query.wait_ms ?? query.idle_ms) !== undefined) {
      add("until", "is needed to wait: `exit`, `match`, `output`, `idle`, `port` or `ready`");
    }
    if (query.format === "raw" && query.max_chars !== undefined) add("max_chars", "does not go with `format=raw`");
    if (query.format === "raw" || query.format === "digest") {
      for (const field of renderedOnly) {
        if (query[field] !== undefined) add(field, `does not go with \`format=${query.format}\``);
      }
    }
  })
  .transform(
    ({ until, after, run, tail, stream, grep, context, max_chars: maxChars, format, timestamps, ...wait }) => ({
      wait: until === undefined ? null : fillWait({ ...wait, until }, until),
      after: after ?? null,
      run: after?.run ?? run ?? null,
      tail,
      stream,
      grep: grep ?? null,
      context: context ?? 0,
      maxChars: maxChars ?? defaultOutputChars,
      format,
      timestamps: timestamps ?? false,
    }),
  );
export type OutputQuery = z.infer<typeof outputQuerySchema>;

export const compareQuerySchema = z
  .strictObject({ run: runSchema.optional(), with: runSchema.optional(), max_chars: charsSchema.optional() })
  .refine((query) => query.with === undefined || query.run === undefined || query.with !== query.run, {
    message: "must be another run than `run`",
    path: ["with"],
  })
  .transform(({ run, with: other, max_chars: maxChars }) => ({
    run: run ?? null,
    with: other ?? null,
    maxChars: maxChars ?? defaultOutputChars,
  }));
