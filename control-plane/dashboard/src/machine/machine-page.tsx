// A machine: whether it is there, how it does, and its processes.

import { useEffect, useState } from "preact/hooks";
import type { MachineStore } from "../live/machine-store.ts";
import { stopTagged } from "../process/acts.tsx";
import { may } from "../session/session.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Icon } from "../ui/icon.tsx";
import { formatRoute } from "../route.ts";
import { arrange, countTags, type Arranging } from "./arrange.ts";
import { MachineHead } from "./machine-head.tsx";
import { ProcessRow } from "./process-row.tsx";
import { StartDialog } from "./start-dialog.tsx";

export function MachinePage({ store }: { readonly store: MachineStore }) {
  const [how, setHow] = useState<Arranging>({ text: "", tag: null, grouped: false });
  const [isStarting, setStarting] = useState(false);
  const { name, online } = store.machine.value;
  useEffect(() => {
    document.title = `${name} · Longwire`;
  }, [name]);
  const rows = store.rows.value;
  const tags = countTags(rows.map((row) => row.process.value));
  const groups = arrange(rows, (row) => row.process.value, how);
  const { tag } = how;
  return (
    <>
      <MachineHead store={store}>
        <a class="button" href={formatRoute({ type: "side", machine: name, processes: [] })}>
          <Icon name="columns" />
          <span>Side by side</span>
        </a>
        {may("run") && (
          <button type="button" class="button button-main" disabled={!online} onClick={() => setStarting(true)}>
            <Icon name="plus" />
            <span>Start</span>
          </button>
        )}
      </MachineHead>
      <div class="bar">
        <FilterField
          label="Filter processes"
          placeholder="Name, command or tag"
          value={how.text}
          onChange={(text) => setHow({ ...how, text })}
        />
        <div class="chips" role="group" aria-label="Tags">
          {[...tags].map(([one, count]) => (
            <button
              key={one}
              type="button"
              class="chip"
              aria-pressed={tag === one}
              onClick={() => setHow({ ...how, tag: tag === one ? null : one })}
            >
              {one} <span class="count">{count}</span>
            </button>
          ))}
        </div>
        <div class="bar-end">
          {tag !== null && may("run") && (
            <button type="button" class="button stop" disabled={!online} onClick={() => void stopTagged(store, tag)}>
              <Icon name="stop" />
              <span>Stop all {tag}</span>
            </button>
          )}
          {tags.size > 0 && (
            <label class="toggle">
              <input
                type="checkbox"
                checked={how.grouped}
                onChange={(event) => setHow({ ...how, grouped: event.currentTarget.checked })}
              />
              Group by tag
            </label>
          )}
          <label class="toggle">
            <input
              type="checkbox"
              checked={store.showsAll.value}
              onChange={(event) => store.show(event.currentTarget.checked)}
            />
            All that ended
          </label>
        </div>
      </div>
      {groups.map(({ tag: group, items }) => (
        <section
          key={group ?? ""}
          class="group"
          aria-label={group === null ? "Processes" : `Processes tagged ${group}`}
        >
          {how.grouped && <h2 class="group-head">{group ?? "without a tag"}</h2>}
          <ul class="processes">
            {items.map((row) => (
              <ProcessRow key={row.id} store={store} row={row} onTag={(one) => setHow({ ...how, tag: one })} />
            ))}
          </ul>
        </section>
      ))}
      {groups.length === 0 && store.isLoaded.value && (
        <div class="empty">
          <Icon name="terminal" />
          {rows.length === 0 ? (
            <>
              <p>Nothing runs on {name}.</p>
              {may("run") && online && (
                <button type="button" class="button button-main" onClick={() => setStarting(true)}>
                  Start something
                </button>
              )}
            </>
          ) : (
            <p>No process is like that.</p>
          )}
        </div>
      )}
      {store.hasMore.value && (
        <button type="button" class="button more" onClick={() => store.showMore()}>
          Show more
        </button>
      )}
      {isStarting && <StartDialog store={store} onClose={() => setStarting(false)} />}
    </>
  );
}
