// What a viewer of `longwire.viewer.v1` may say, one JSON text a message. It is written by outsiders, so a field that is
// not known is refused and not dropped: a filter that is misspelled would let everything through.

import * as z from "zod";
import { eventFilterSchema, inputRequestSchema, resizeRequestSchema, type EventFilter } from "./api/requests.ts";
import { maxNameLength } from "./limits.ts";
import { parseJson } from "./parse-json.ts";
import { outputCursorTextSchema } from "./api/wait-requests.ts";
import { actNumberSchema, subscriptionIdSchema } from "./viewer-frame.ts";
import { viewerModeSchema } from "./viewer-state.ts";

const filter = eventFilterSchema.shape;
/** `n` comes back with what became of it; `process` is an id or a name. */
const act = { n: actNumberSchema, process: z.string().min(1).max(maxNameLength) };

export const viewerRequestSchema = z.discriminatedUnion("type", [
  /**
   * Events after `after`, from the place `output_after` of the process's output on or a little before, or from now on, that
   * pass the filter. An id in use begins anew. `event_type` is what HTTP calls `type`. `latest`: output that comes faster
   * than it is taken is skipped.
   */
  z.strictObject({
    type: z.literal("subscribe"),
    id: subscriptionIdSchema,
    after: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    process: filter.process,
    tag: filter.tag,
    event_type: filter.type,
    output_after: outputCursorTextSchema.optional(),
    mode: viewerModeSchema.optional(),
  }),
  z.strictObject({ type: z.literal("unsubscribe"), id: subscriptionIdSchema }),
  /** So many bytes more may be sent. */
  z.strictObject({ type: z.literal("credit"), bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  /** Whether somebody looks; a socket that opens counts as looked at. */
  z.strictObject({ type: z.literal("attention"), watching: z.boolean() }),
  /** Whether to be told how the machine and its runs do. */
  z.strictObject({ type: z.literal("metrics"), wanted: z.boolean() }),
  /** Types, as POST `…/input` does; nothing of it is stored but how much it was. */
  z.strictObject({ type: z.literal("input"), ...act, input: inputRequestSchema }),
  z.strictObject({ type: z.literal("resize"), ...act, size: resizeRequestSchema }),
  /** Ctrl-C: in a terminal to what runs in its foreground, else SIGINT to the process group. */
  z.strictObject({ type: z.literal("interrupt"), ...act }),
]);
export type ViewerRequest = z.infer<typeof viewerRequestSchema>;
/** What is done to a run. */
export type ActRequest = Extract<ViewerRequest, { n: number }>;
export type SubscribeRequest = Extract<ViewerRequest, { type: "subscribe" }>;

/** The request in a viewer's text, or in a few words what is wrong with it. */
export function readViewerRequest(text: string): ViewerRequest | { readonly type: "wrong"; readonly reason: string } {
  const parsed = viewerRequestSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  // A close frame's reason holds 123 bytes.
  return {
    type: "wrong",
    reason: `${where === "" ? "" : `${where}: `}${issue?.message ?? "not understood"}`.slice(0, 60),
  };
}

/** What a subscription lets through. */
export function filterOf({ process, tag, event_type }: SubscribeRequest): EventFilter {
  return { process, tag, type: event_type };
}
