// What waits for the machine's owner: exactly what will run, and the two answers that may be given from here.

import { useEffect } from "preact/hooks";
import type { Asked, MachineStore } from "../live/machine-store.ts";
import { MachineHead } from "../machine/machine-head.tsx";
import { may } from "../session/session.ts";
import { Icon } from "../ui/icon.tsx";
import { ApprovalCard } from "./approval-card.tsx";

export function ApprovalsPage({ store }: { readonly store: MachineStore }) {
  const { name } = store.machine.value;
  useEffect(() => {
    document.title = `Approvals on ${name} · Longwire`;
  }, [name]);
  const asked: readonly Asked[] = store.approvals.value;
  return (
    <>
      <MachineHead store={store} />
      <section aria-live="polite" aria-label="Approvals">
        {asked.map((one) => (
          <ApprovalCard key={one.approval.approval_id} store={store} asked={one} />
        ))}
        {asked.length === 0 && (
          <div class="empty">
            <Icon name="shield" />
            <p>
              {may("approve")
                ? "Nothing waits for an approval."
                : "Your session may not see approvals: it lacks the scope approve."}
            </p>
          </div>
        )}
      </section>
    </>
  );
}
