// One process: what it is and does, its output, its runs, and how they compare.

import { useEffect, useState } from "preact/hooks";
import type { Process } from "@longwire/shared/api/views.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import type { MachineStore, Row } from "../live/machine-store.ts";
import { go } from "../location.ts";
import { Banners } from "../machine/machine-head.tsx";
import { formatRoute } from "../route.ts";
import { describeState, needsWords } from "../ui/describe-state.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { nameOf } from "./acts.tsx";
import { BackLink } from "./back-link.tsx";
import { Compare } from "./compare.tsx";
import { Facts } from "./facts.tsx";
import { PortLinks } from "./port-links.tsx";
import { ProcessActions } from "./process-actions.tsx";
import { RunOutput } from "./run-output.tsx";
import { Runs } from "./runs.tsx";
import { Tabs } from "../ui/tabs.tsx";

interface PageProps {
  readonly store: MachineStore;
  /** An id or a name. */
  readonly reference: string;
  /** Null: the latest. */
  readonly run: number | null;
}

export function ProcessPage({ store, reference, run }: PageProps) {
  const [failure, setFailure] = useState<LongwireError | null>(null);
  const row = store.rows.value.length >= 0 ? store.find(reference) : undefined;
  useEffect(() => {
    document.title = `${reference} · Longwire`;
    setFailure(null);
    if (row !== undefined) return;
    // One that the list leaves out: it ended a while ago.
    const ask = async (): Promise<void> => {
      store.put(await store.client.process(reference));
      store.rows.value = [...store.rows.peek()];
    };
    ask().catch((error: unknown) => setFailure(error instanceof LongwireError ? error : null));
  }, [reference, row === undefined]);
  if (row !== undefined) return <ProcessView store={store} row={row} run={run} />;
  if (failure === null) return <div class="empty" aria-busy="true" />;
  return (
    <div class="empty">
      <p>{failure.message}</p>
      <a class="button" href={formatRoute({ type: "machine", machine: store.machine.value.name })}>
        All processes
      </a>
    </div>
  );
}

type Tab = "output" | "runs" | "compare" | "facts";

function ProcessView({
  store,
  row,
  run,
}: {
  readonly store: MachineStore;
  readonly row: Row;
  readonly run: number | null;
}) {
  const latest = row.process.value;
  const [tab, setTab] = useState<Tab>("output");
  const [other, setOther] = useState<Process | null>(null);
  const machine = store.machine.value.name;
  const isOld = run !== null && run !== latest.run;
  useEffect(() => {
    setOther(null);
    if (!isOld) return;
    setTab("output");
    store.client
      .runs(latest.process_id, { limit: 1, cursor: run + 1 })
      .then(({ items }) => setOther(items.find((one) => one.run === run) ?? null))
      .catch(() => setOther(null));
  }, [run, isOld]);
  const shown = isOld ? other : latest;
  const usage = row.usage.value?.run === latest.run ? row.usage.value : null;
  return (
    <div class="process-page">
      <header class="page-head">
        <div class="page-title">
          <BackLink machine={machine} />
          <h1>{nameOf(latest)}</h1>
          {shown !== null && <StateBadge process={shown} />}
          {isOld ? (
            <span class="page-note">
              run {run} ·{" "}
              <a href={formatRoute({ type: "process", machine, process: nameOf(latest), run: null })}>
                go to the latest
              </a>
            </span>
          ) : (
            <span class="page-note">run {latest.run}</span>
          )}
          {usage !== null && <PortLinks ports={usage.ports} machine={machine} />}
        </div>
        <div class="page-actions">
          {!isOld && (
            <ProcessActions
              store={store}
              process={latest}
              isWide
              onForgotten={() => go({ type: "machine", machine })}
            />
          )}
        </div>
      </header>
      <Banners store={store} />
      {latest.waiting_for === "approval" && (
        <p class="banner">
          It waits for the machine's owner. <a href={formatRoute({ type: "approvals", machine })}>See what will run</a>
        </p>
      )}
      {shown !== null && needsWords(shown) && (
        <p class={describeState(shown).tone === "waiting" ? "banner" : "banner banner-bad"}>
          {describeState(shown).note}
        </p>
      )}
      <Tabs
        label={`About ${nameOf(latest)}`}
        chosen={tab}
        onChoose={(to) => setTab(to as Tab)}
        tabs={[
          { id: "output", label: "Output" },
          { id: "runs", label: "Runs" },
          { id: "compare", label: "Compare" },
          { id: "facts", label: "Details" },
        ]}
      />
      {tab === "output" && shown !== null && <RunOutput store={store} process={shown} isOld={isOld} />}
      {tab === "runs" && <Runs store={store} process={latest} />}
      {tab === "compare" && <Compare store={store} process={latest} />}
      {tab === "facts" && shown !== null && <Facts process={shown} usage={usage} />}
    </div>
  );
}
