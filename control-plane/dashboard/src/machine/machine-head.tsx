// The head of a machine's pages: its name, whether it is there, and a banner where what is shown is what was stored.

import type { ComponentChildren } from "preact";
import type { MachineStore } from "../live/machine-store.ts";
import { formatBytes } from "../ui/format.ts";
import { Ago } from "../ui/times.tsx";

interface HeadProps {
  readonly store: MachineStore;
  readonly children?: ComponentChildren;
}

export function MachineHead({ store, children }: HeadProps) {
  const machine = store.machine.value;
  const { metrics } = machine;
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          <h1>{machine.name}</h1>
          <OnlineMark online={machine.online} />
          <span class="page-note">
            {machine.os} {machine.arch}
            {machine.policy_mode !== null && ` · policy ${machine.policy_mode}`}
            {metrics != null && ` · ${formatBytes(metrics.memory_free_bytes)} free`}
          </span>
        </div>
        <div class="page-actions">{children}</div>
      </header>
      <Banners store={store} />
    </>
  );
}

export function OnlineMark({ online }: { readonly online: boolean }) {
  return (
    <span class={online ? "online" : "online off"}>
      <span class="state-dot" aria-hidden="true" />
      {online ? "online" : "offline"}
    </span>
  );
}

export function Banners({ store }: { readonly store: MachineStore }) {
  const { online, last_seen_at: lastSeen, name } = store.machine.value;
  const isLost = store.connection.value === "lost";
  const failure = store.failure.value;
  return (
    <div aria-live="polite">
      {failure !== null && (
        <p class="banner banner-bad">
          {failure.message} {failure.hint}
        </p>
      )}
      {isLost && (
        <p class="banner banner-bad">
          The connection is lost; trying again. What is shown is how things stood, and what comes meanwhile follows.
        </p>
      )}
      {!online && !isLost && (
        <p class="banner">
          <strong>{name} is offline</strong>
          {lastSeen !== null && (
            <>
              , last seen <Ago at={lastSeen} />
            </>
          )}
          . Everything stored stays readable; processes run on without it and are back with it.
        </p>
      )}
    </div>
  );
}
