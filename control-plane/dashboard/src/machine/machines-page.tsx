// All machines at a glance.

import { useEffect, useState } from "preact/hooks";
import type { MachineStore } from "../live/machine-store.ts";
import { useOnScreen } from "../live/followed.ts";
import { stores } from "../live/machines.ts";
import { formatRoute } from "../route.ts";
import { may } from "../session/session.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Icon } from "../ui/icon.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Ago } from "../ui/times.tsx";
import { nameOf } from "../process/acts.tsx";
import { OnlineMark } from "./machine-head.tsx";

/** So many are seen at a glance. */
const glance = 12;

export function MachinesPage() {
  const [text, setText] = useState("");
  useEffect(() => {
    document.title = "Machines · Longwire";
  }, []);
  const words = text.trim().toLowerCase();
  const shown = stores.value.filter((store) => {
    const { name, os } = store.machine.value;
    return `${name} ${os}`.toLowerCase().includes(words);
  });
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          <h1>Machines</h1>
        </div>
        {may("admin") && (
          <div class="page-actions">
            <a class="button" href={formatRoute({ type: "workspace", page: "invites" })}>
              <Icon name="plus" />
              <span>Add a machine</span>
            </a>
          </div>
        )}
      </header>
      {stores.value.length > glance && (
        <div class="bar">
          <FilterField label="Filter machines" placeholder="Name or system" value={text} onChange={setText} />
        </div>
      )}
      <ul class="cards">
        {shown.map((store) => (
          <MachineCard key={store.id} store={store} />
        ))}
      </ul>
      {stores.value.length === 0 && (
        <div class="empty">
          <Icon name="machine" />
          <p>No machine is here yet.</p>
        </div>
      )}
      {stores.value.length > 0 && shown.length === 0 && (
        <div class="empty">
          <p>No machine is like that.</p>
        </div>
      )}
    </>
  );
}

const shownProcesses = 5;

function MachineCard({ store }: { readonly store: MachineStore }) {
  const machine = store.machine.value;
  const rows = store.rows.value.slice(0, shownProcesses);
  const card = useOnScreen<HTMLLIElement>(store.id);
  return (
    <li ref={card} class="card machine-card" aria-label={machine.name}>
      <header class="card-head">
        <h2>
          <a href={formatRoute({ type: "machine", machine: machine.name })}>{machine.name}</a>
        </h2>
        <OnlineMark online={machine.online} />
      </header>
      <p class="page-note">
        {machine.os} {machine.arch} · {machine.counts.live} live of {machine.counts.total}
        {!machine.online && machine.last_seen_at !== null && (
          <>
            {" "}
            · last seen <Ago at={machine.last_seen_at} />
          </>
        )}
      </p>
      <ul class="machine-processes">
        {rows.map((row) => (
          <li key={row.id}>
            <a
              href={formatRoute({
                type: "process",
                machine: machine.name,
                process: nameOf(row.process.value),
                run: null,
              })}
            >
              {nameOf(row.process.value)}
            </a>
            <StateBadge process={row.process.value} />
          </li>
        ))}
      </ul>
    </li>
  );
}
