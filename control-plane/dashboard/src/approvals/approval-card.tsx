// One start that waits: every word of what will run, and the answer.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import type { Asked, MachineStore } from "../live/machine-store.ts";
import { formatDuration, quoteArgument } from "../ui/format.ts";
import { now } from "../ui/clock.ts";
import { sayDone, sayError } from "../ui/toasts.tsx";

export function ApprovalCard({ store, asked }: { readonly store: MachineStore; readonly asked: Asked }) {
  const { approval, endsAt } = asked;
  const [isBusy, setBusy] = useState(false);
  const [isElsewhere, setElsewhere] = useState(false);
  const name = approval.name ?? approval.process_id;
  const left = endsAt - now.value;

  const decide = async (decision: "once" | "deny"): Promise<void> => {
    setBusy(true);
    try {
      store.put(await store.client.decide(approval.approval_id, decision));
      sayDone(decision === "once" ? `${name} may run, this once.` : `${name} was denied; nothing ran.`);
    } catch (error) {
      if (error instanceof LongwireError && error.code === "denied_by_machine") setElsewhere(true);
      sayError(`${name} was not decided`, error);
    } finally {
      setBusy(false);
      store.refreshApprovals();
      store.refresh();
    }
  };

  return (
    <article class="card approval" aria-label={`${name} asks to run`}>
      <header class="card-head">
        <h2>
          {name} <span class="page-note">asks to begin run {approval.run}</span>
        </h2>
        <span class={left < 30_000 ? "left soon" : "left"}>
          {left <= 0 ? "expired" : `${formatDuration(left)} left`}
        </span>
      </header>
      <dl>
        {exactly(asked).map(([word, value]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {isElsewhere && (
        <p class="banner">
          This machine's owner decides on the machine itself: <code>runner approve {approval.approval_id}</code>
        </p>
      )}
      <div class="form-end">
        <button type="button" class="button stop" disabled={isBusy || left <= 0} onClick={() => void decide("deny")}>
          Deny
        </button>
        <button
          type="button"
          class="button button-main"
          disabled={isBusy || left <= 0}
          onClick={() => void decide("once")}
        >
          Allow once
        </button>
      </div>
    </article>
  );
}

/** Everything the approval binds, nothing of it shortened. */
function exactly({ approval }: Asked): [string, ComponentChildren][] {
  const { command, argv, program, cwd, env, stdin_bytes: input, tty, ready_command: ready, restart } = approval;
  const list: [string, ComponentChildren][] = [];
  if (command !== undefined) list.push(["Command", <code class="exact">{command}</code>]);
  if (argv !== undefined) {
    list.push([
      "Arguments",
      <ol class="arguments">
        {argv.map((one, index) => (
          <li key={index}>
            <code class="exact">{quoteArgument(one)}</code>
          </li>
        ))}
      </ol>,
    ]);
  }
  list.push(["Program", <code class="exact">{program ?? "none of that name is there"}</code>]);
  list.push(["Folder", <code class="exact">{cwd}</code>]);
  if (env.length > 0) list.push(["Sets", <code class="exact">{env.join(" ")}</code>]);
  if (input !== null) list.push(["Given as input", `${input} bytes`]);
  if (ready !== null) list.push(["Ready when", <code class="exact">{ready}</code>]);
  if (restart !== null) list.push(["Begins again", restart]);
  list.push(["Terminal", tty ? "yes" : "no"], ["Asked by", approval.asked_by ?? "nobody named"]);
  list.push(["Digest", <code class="exact">{approval.digest}</code>]);
  return list;
}
