// Where one can go: the machines, and what concerns the whole workspace. On a phone it lies at the bottom.

import { stores } from "../live/machines.ts";
import { route } from "../location.ts";
import { formatRoute, type Route, type WorkspacePage } from "../route.ts";
import { may } from "../session/session.ts";
import { Icon, type IconName } from "../ui/icon.tsx";

const workspace: readonly { readonly page: WorkspacePage; readonly icon: IconName; readonly label: string }[] = [
  { page: "tokens", icon: "key", label: "Tokens" },
  { page: "invites", icon: "invite", label: "Invites" },
  { page: "webhooks", icon: "hook", label: "Webhooks" },
  { page: "audit", icon: "audit", label: "Audit" },
];

export function Side() {
  const at = route.value;
  const machineAt = "machine" in at ? at.machine : null;
  return (
    <nav class="side" aria-label="Places">
      <p class="side-head">Machines</p>
      <ul>
        {stores.value.map((store) => {
          const { name, online, counts } = store.machine.value;
          const isHere = machineAt === name || machineAt === store.id;
          const asking = store.approvals.value.length;
          return (
            <li key={store.id}>
              <Place
                to={{ type: "machine", machine: name }}
                isHere={isHere && at.type !== "approvals" && at.type !== "machine-audit"}
              >
                <span
                  class={online ? "state-dot on" : "state-dot"}
                  role="img"
                  aria-label={online ? "online" : "offline"}
                />
                <span class="side-name">{name}</span>
                <span class="count" title="Live processes">
                  {counts.live}
                </span>
              </Place>
              {isHere && (
                <ul class="side-below">
                  {may("approve") && (
                    <li>
                      <Place to={{ type: "approvals", machine: name }} isHere={at.type === "approvals"}>
                        <Icon name="shield" />
                        <span class="side-name">Approvals</span>
                        {asking > 0 && <span class="count asking">{asking}</span>}
                      </Place>
                    </li>
                  )}
                  {may("admin") && (
                    <li>
                      <Place to={{ type: "machine-audit", machine: name }} isHere={at.type === "machine-audit"}>
                        <Icon name="audit" />
                        <span class="side-name">Audit</span>
                      </Place>
                    </li>
                  )}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
      {may("admin") && (
        <>
          <p class="side-head">Workspace</p>
          <ul>
            {workspace.map(({ page, icon, label }) => (
              <li key={page}>
                <Place to={{ type: "workspace", page }} isHere={at.type === "workspace" && at.page === page}>
                  <Icon name={icon} />
                  <span class="side-name">{label}</span>
                </Place>
              </li>
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}

interface PlaceProps {
  readonly to: Route;
  readonly isHere: boolean;
  readonly children: preact.ComponentChildren;
}

function Place({ to, isHere, children }: PlaceProps) {
  return (
    <a class="place" href={formatRoute(to)} aria-current={isHere ? "page" : undefined}>
      {children}
    </a>
  );
}
