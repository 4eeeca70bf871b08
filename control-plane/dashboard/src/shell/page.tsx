// The page of the route one is at.

import { ApprovalsPage } from "../approvals/approvals-page.tsx";
import { AuditPage } from "../workspace/audit-page.tsx";
import { findStore } from "../live/machines.ts";
import { route } from "../location.ts";
import { MachinePage } from "../machine/machine-page.tsx";
import { MachinesPage } from "../machine/machines-page.tsx";
import { ProcessPage } from "../process/process-page.tsx";
import { SideBySide } from "../process/side-by-side.tsx";
import { formatRoute } from "../route.ts";
import { InvitesPage } from "../workspace/invites-page.tsx";
import { TokensPage } from "../workspace/tokens-page.tsx";
import { WebhooksPage } from "../workspace/webhooks-page.tsx";

export function Page() {
  const to = route.value;
  if (to.type === "machines") return <MachinesPage />;
  if (to.type === "workspace") {
    if (to.page === "tokens") return <TokensPage />;
    if (to.page === "invites") return <InvitesPage />;
    if (to.page === "audit") return <AuditPage store={null} />;
    return <WebhooksPage />;
  }
  if (to.type === "unknown") return <Nowhere />;
  const store = findStore(to.machine);
  if (store === undefined) return <Nowhere />;
  switch (to.type) {
    case "machine":
      return <MachinePage key={store.id} store={store} />;
    case "process":
      return <ProcessPage key={`${store.id} ${to.process}`} store={store} reference={to.process} run={to.run} />;
    case "side":
      return <SideBySide store={store} processes={to.processes} />;
    case "approvals":
      return <ApprovalsPage store={store} />;
    case "machine-audit":
      return <AuditPage key={store.id} store={store} />;
  }
}

function Nowhere() {
  return (
    <div class="empty">
      <p>There is nothing at this address, or your session does not reach it.</p>
      <a class="button" href={formatRoute({ type: "machines" })}>
        All machines
      </a>
    </div>
  );
}
