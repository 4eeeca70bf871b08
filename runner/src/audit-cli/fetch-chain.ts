// Whole audits: the control plane's, page by page, and the runner's own from its files. What an entry says beyond what is
// known here is kept, since its hash counts it.

import * as z from "zod";
import { chainHeadSchema, chainStart, hashSchema, type ChainHead } from "@longwire/shared/audit/entry.ts";
import { callApi, type ApiAccess } from "../cli/api-call.ts";
import { listAuditFiles, readAuditLines } from "../supervise/audit-folder.ts";

const pageLimit = 200;

const entrySchema = z.looseObject({
  n: z.number().int().min(1),
  at: z.string(),
  actor: z.looseObject({ kind: z.string(), token_id: z.string().optional(), name: z.string().optional() }),
  act: z.string(),
  target: z.string(),
  outcome: z.string(),
  reason: z.string().optional(),
  detail: z.string().optional(),
  command_id: z.string().optional(),
  command_ids: z.array(z.string()).optional(),
  count: z.number().optional(),
  bytes: z.number().optional(),
  digest: z.string().optional(),
  told: chainHeadSchema.optional(),
  prev: hashSchema,
  hash: hashSchema,
});
export type Entry = z.infer<typeof entrySchema>;

const pageSchema = z.object({
  items: z.array(entrySchema),
  next_after: z.number().int().nullable(),
  head: chainHeadSchema,
  anchor: chainHeadSchema,
});

/** What there is of a chain. */
export interface Chain {
  readonly entries: readonly Entry[];
  /** The entry before the first. */
  readonly anchor: ChainHead;
  /** What it says is its last entry. */
  readonly head: ChainHead;
  /** Lines that are no entries. */
  readonly damaged: number;
}

/** Throws {@link CliFailure} where the control plane refuses or says nothing of the kind. */
export async function fetchChain(access: ApiAccess, path: string): Promise<Chain> {
  const entries: Entry[] = [];
  let after: number | null = 0;
  let page: z.infer<typeof pageSchema>;
  do {
    page = await callApi(access, { method: "GET", path: `${path}?limit=${pageLimit}&after=${after}` }, pageSchema);
    entries.push(...page.items);
    after = page.next_after;
  } while (after !== null);
  return { entries, anchor: page.anchor, head: page.head, damaged: 0 };
}

/** The audit in a runner's data folder. */
export function readOwnChain(folder: string): Chain {
  const lines = listAuditFiles(folder).flatMap((file) => readAuditLines(file));
  const parsed = lines.map((line) => entrySchema.safeParse(line));
  const entries = parsed.flatMap((one) => (one.success ? [one.data] : []));
  const [first] = entries;
  const last = entries.at(-1);
  const anchor = first === undefined ? chainStart : { n: first.n - 1, hash: first.prev };
  const head = last === undefined ? chainStart : { n: last.n, hash: last.hash };
  return { entries, anchor, head, damaged: parsed.length - entries.length };
}
