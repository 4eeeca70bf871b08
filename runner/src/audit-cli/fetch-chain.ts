// Whole audits: the control plane's, page by page, and the runner's own from its files. What an entry says beyond what is
// known here is kept, since its hash counts it.

import { writtenEntrySchema, type AuditPage, type WrittenEntry } from "@longwire/shared/client/audits.ts";
import { chainStart, type ChainHead } from "@longwire/shared/audit/entry.ts";
import { listAuditFiles, readAuditLines } from "../supervise/audit-folder.ts";

const pageLimit = 200;

/** What there is of a chain. */
export interface Chain {
  readonly entries: readonly WrittenEntry[];
  /** The entry before the first. */
  readonly anchor: ChainHead;
  /** What it says is its last entry. */
  readonly head: ChainHead;
  /** Lines that are no entries. */
  readonly damaged: number;
}

/** `read` asks the control plane for the page behind an entry. */
export async function fetchChain(
  read: (asked: { readonly after: number; readonly limit: number }) => Promise<AuditPage>,
): Promise<Chain> {
  const entries: WrittenEntry[] = [];
  let page = await read({ after: 0, limit: pageLimit });
  entries.push(...page.items);
  while (page.next_after !== null) {
    page = await read({ after: page.next_after, limit: pageLimit });
    entries.push(...page.items);
  }
  return { entries, anchor: page.anchor, head: page.head, damaged: 0 };
}

/** The audit in a runner's data folder. */
export function readOwnChain(folder: string): Chain {
  const lines = listAuditFiles(folder).flatMap((file) => readAuditLines(file));
  const parsed = lines.map((line) => writtenEntrySchema.safeParse(line));
  const entries = parsed.flatMap((one) => (one.success ? [one.data] : []));
  const [first] = entries;
  const last = entries.at(-1);
  const anchor = first === undefined ? chainStart : { n: first.n - 1, hash: first.prev };
  const head = last === undefined ? chainStart : { n: last.n, hash: last.hash };
  return { entries, anchor, head, damaged: parsed.length - entries.length };
}
