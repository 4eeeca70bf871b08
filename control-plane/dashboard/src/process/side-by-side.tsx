// Several outputs beside each other, up to four, chosen from what there is; the address keeps which.

import { useEffect } from "preact/hooks";
import type { MachineStore, Row } from "../live/machine-store.ts";
import { go } from "../location.ts";
import { Banners } from "../machine/machine-head.tsx";
import { formatRoute } from "../route.ts";
import { Icon } from "../ui/icon.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { nameOf } from "./acts.tsx";
import { BackLink } from "./back-link.tsx";
import { ProcessActions } from "./process-actions.tsx";
import { RunOutput } from "./run-output.tsx";

const atOnce = 4;

interface SideProps {
  readonly store: MachineStore;
  /** Ids or names. */
  readonly processes: readonly string[];
}

export function SideBySide({ store, processes }: SideProps) {
  const { name: machine } = store.machine.value;
  useEffect(() => {
    document.title = `Side by side on ${machine} · Longwire`;
  }, [machine]);
  const rows = store.rows.value;
  const shown = processes
    .map((one) => store.find(one))
    .filter((row): row is Row => row !== undefined)
    .slice(0, atOnce);
  const others = rows.filter((row) => !shown.includes(row));
  const show = (list: readonly Row[]): void => go({ type: "side", machine, processes: list.map((row) => row.id) });
  return (
    <div class="side-by-side-page">
      <header class="page-head">
        <div class="page-title">
          <BackLink machine={machine} />
          <h1>Side by side</h1>
        </div>
        <div class="page-actions">
          {shown.length < atOnce && others.length > 0 && (
            <select
              aria-label="Add a process"
              value=""
              onChange={(event) => {
                const row = store.find(event.currentTarget.value);
                if (row !== undefined) show([...shown, row]);
              }}
            >
              <option value="">Add a process…</option>
              {others.map((row) => (
                <option key={row.id} value={row.id}>
                  {nameOf(row.process.value)}
                </option>
              ))}
            </select>
          )}
        </div>
      </header>
      <Banners store={store} />
      {shown.length === 0 && (
        <div class="empty">
          <Icon name="columns" />
          <p>Choose up to {atOnce} processes to see beside each other.</p>
          <div class="chips">
            {rows.slice(0, 12).map((row) => (
              <button key={row.id} type="button" class="chip" onClick={() => show([row])}>
                {nameOf(row.process.value)}
              </button>
            ))}
          </div>
        </div>
      )}
      <div class="side-by-side" data-count={shown.length}>
        {shown.map((row) => (
          <Pane key={row.id} store={store} row={row} onClose={() => show(shown.filter((one) => one !== row))} />
        ))}
      </div>
    </div>
  );
}

interface PaneProps {
  readonly store: MachineStore;
  readonly row: Row;
  readonly onClose: () => void;
}

function Pane({ store, row, onClose }: PaneProps) {
  const process = row.process.value;
  const name = nameOf(process);
  return (
    <section class="pane" aria-label={name}>
      <header class="pane-head">
        <a href={formatRoute({ type: "process", machine: store.machine.value.name, process: name, run: null })}>
          {name}
        </a>
        <StateBadge process={process} />
        <ProcessActions store={store} process={process} />
        <button type="button" class="button-quiet button-square" aria-label={`Close ${name}`} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <RunOutput store={store} process={process} />
    </section>
  );
}
