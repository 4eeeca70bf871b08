// Who did what, newest first, by pages that go back.

import { useEffect, useState } from "preact/hooks";
import type { MachineStore } from "../live/machine-store.ts";
import { Ago } from "../ui/times.tsx";
import { sayError } from "../ui/toasts.tsx";
import { readAudit, type AuditAnswer } from "./calls.ts";

const pageSize = 100;
type Entry = AuditAnswer["items"][number];

export function AuditPage({ store }: { readonly store: MachineStore | null }) {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [first, setFirst] = useState(1);
  const machine = store?.id ?? null;
  const load = async (before: number | null): Promise<void> => {
    const newest = before ?? (await readAudit(machine, 0, 1)).head.n + 1;
    const after = Math.max(0, newest - 1 - pageSize);
    const { items, anchor } = await readAudit(machine, after, newest - 1 - after || 1);
    const page = items.filter((entry) => entry.n < newest).toReversed();
    setEntries((known) => (before === null ? page : [...known, ...page]));
    setFirst(Math.max(anchor.n + 1, after + 1));
  };
  useEffect(() => {
    document.title = "Audit · Longwire";
    load(null).catch((error: unknown) => sayError("The audit was not read", error));
  }, [machine]);
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          <h1>Audit</h1>
          <span class="page-note">{store === null ? "of the workspace" : `of ${store.machine.value.name}`}</span>
        </div>
      </header>
      <p class="hint">
        Each entry holds the hash of the one before. <code>npx runner audit --verify</code> checks that none was
        changed.
      </p>
      <div class="panel" role="region" aria-label="Entries" tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col" class="number">
                No.
              </th>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">On</th>
              <th scope="col">Outcome</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.n}>
                <td class="number">{entry.n}</td>
                <td>
                  <Ago at={entry.at} />
                </td>
                <td>{describeActor(entry.actor)}</td>
                <td>{entry.act}</td>
                <td>
                  <span class="wrap">{entry.target}</span>
                  {entry.detail !== undefined && <span class="page-note wrap"> {entry.detail}</span>}
                </td>
                <td>{entry.reason === undefined ? entry.outcome : `${entry.outcome} (${entry.reason})`}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {(entries.at(-1)?.n ?? 1) > first && (
          <button
            type="button"
            class="button more"
            onClick={() =>
              void load(entries.at(-1)?.n ?? null).catch((error: unknown) => sayError("No more was read", error))
            }
          >
            Show older
          </button>
        )}
      </div>
    </>
  );
}

function describeActor(actor: Entry["actor"]): string {
  return actor.name ?? actor.kind;
}
