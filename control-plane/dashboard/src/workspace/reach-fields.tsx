// What a new token or invitation is to reach: scopes, machines, an end.

import { scopes, type Scope } from "@longwire/shared/scopes.ts";
import { stores } from "../live/machines.ts";
import { may } from "../session/session.ts";
import { TextField } from "../ui/text-field.tsx";

export interface Reach {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Ids; empty: all there are and will be. */
  readonly machines: readonly string[];
  /** Null: no end. */
  readonly expiresInMs: number | null;
}

export const emptyReach: Reach = { name: "", scopes: ["read"], machines: [], expiresInMs: 30 * 24 * 3600_000 };

/** The body's fields of it. */
export function reachBody({ name, scopes: asked, machines, expiresInMs }: Reach) {
  return {
    name: name.trim(),
    scopes: [...asked],
    ...(machines.length === 0 ? {} : { machines: [...machines] }),
    ...(expiresInMs === null ? {} : { expires_in_ms: expiresInMs }),
  };
}

const scopeWords: Readonly<Record<Scope, string>> = {
  read: "see processes and their output",
  run: "start, stop, restart, signal",
  input: "type and resize",
  approve: "decide approvals",
  admin: "tokens, invites, audit",
};

const ends: readonly (readonly [string, number | null])[] = [
  ["in an hour", 3600_000],
  ["in a day", 24 * 3600_000],
  ["in 30 days", 30 * 24 * 3600_000],
  ["never", null],
];

const toggled = <T,>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list.filter((one) => one !== item) : [...list, item];

export function ReachFields({ reach, onChange }: { readonly reach: Reach; readonly onChange: (reach: Reach) => void }) {
  return (
    <>
      <TextField
        label="Name"
        isNeeded
        maxLength={64}
        value={reach.name}
        onChange={(name) => onChange({ ...reach, name })}
      />
      <fieldset class="field">
        <legend>Allows</legend>
        {scopes.filter(may).map((scope) => (
          <label key={scope} class="toggle">
            <input
              type="checkbox"
              checked={reach.scopes.includes(scope)}
              onChange={() => onChange({ ...reach, scopes: toggled(reach.scopes, scope) })}
            />
            <code>{scope}</code> <span class="page-note">{scopeWords[scope]}</span>
          </label>
        ))}
      </fieldset>
      {stores.value.length > 1 && (
        <fieldset class="field">
          <legend>On machines (none chosen: on all)</legend>
          {stores.value.map((store) => (
            <label key={store.id} class="toggle">
              <input
                type="checkbox"
                checked={reach.machines.includes(store.id)}
                onChange={() => onChange({ ...reach, machines: toggled(reach.machines, store.id) })}
              />
              {store.machine.value.name}
            </label>
          ))}
        </fieldset>
      )}
      <label class="field">
        <span>Ends</span>
        <select
          value={String(reach.expiresInMs)}
          onChange={(event) =>
            onChange({
              ...reach,
              expiresInMs: event.currentTarget.value === "null" ? null : Number(event.currentTarget.value),
            })
          }
        >
          {ends.map(([words, ms]) => (
            <option key={words} value={String(ms)}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
