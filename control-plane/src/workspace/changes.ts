// What can change in a workspace, and who changed it.

import { cutText, type AuditDraft } from "@longwire/shared/audit/entry.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { MachineEntry } from "./grant.ts";
import type { Invitation } from "./invites.ts";
import type { KeptToken, NewToken } from "./tokens.ts";

/** Whoever does something, by the token it is done with. */
export interface Actor {
  readonly tokenId: string;
  readonly tokenName: string;
}

export const actorOf = ({ id, name }: KeptToken): Actor => ({ tokenId: id, tokenName: name });

/** An address's query may hold what is secret, so an audit names its host alone. */
interface NamedWebhook {
  readonly id: string;
  readonly name?: string | null | undefined;
  readonly url: string;
  readonly events: readonly string[];
}

export type WorkspaceChange =
  | { readonly type: "machine_enrolled"; readonly machine: MachineEntry }
  | { readonly type: "machine_deleted"; readonly machine: MachineEntry }
  | { readonly type: "invite_made"; readonly invitation: Invitation }
  | { readonly type: "invite_redeemed"; readonly invitation: Invitation }
  | { readonly type: "token_created"; readonly token: Omit<NewToken, "hash"> }
  | { readonly type: "webhook_created" | "webhook_deleted"; readonly webhook: NamedWebhook }
  | { readonly type: "webhook_disabled"; readonly webhook: NamedWebhook; readonly reason: string }
  | { readonly type: "token_revoked"; readonly token: { readonly id: string; readonly name: string } };

/** A change as the workspace's audit tells it. */
export function describeChange(by: Actor | null, change: WorkspaceChange): AuditDraft {
  const actor: AuditDraft["actor"] =
    by === null ? { kind: "control_plane" } : { kind: "operator", token_id: by.tokenId, name: by.tokenName };
  const outcome = "done";
  switch (change.type) {
    case "machine_enrolled":
    case "machine_deleted":
      return { actor, act: change.type, target: change.machine.id, outcome, detail: change.machine.name };
    case "token_created": {
      const { id, name, scopes, machines } = change.token;
      const reach = machines === null ? "all machines" : `${machines.length} of the machines`;
      return {
        actor,
        act: change.type,
        target: id,
        outcome,
        detail: cutText(`${name}: ${scopes.join(", ")}; ${reach}`),
      };
    }
    case "invite_made":
    case "invite_redeemed": {
      const { id, kind, name, scopes } = change.invitation;
      const detail = kind === "machine" ? "for a machine" : `for a token, ${name}: ${scopes.join(", ")}`;
      return { actor, act: change.type, target: id, outcome, detail: cutText(detail) };
    }
    case "webhook_created":
    case "webhook_deleted":
    case "webhook_disabled": {
      const { id, name, url, events } = change.webhook;
      const said = `${name == null ? "" : `${name}: `}${new URL(url).host}: ${events.join(", ")}`;
      const why = change.type === "webhook_disabled" ? { reason: cutText(change.reason) } : {};
      return { actor, act: change.type, target: id, outcome, detail: cutText(said), ...why };
    }
    case "token_revoked":
      return { actor, act: change.type, target: change.token.id, outcome, detail: change.token.name };
    default:
      return unreachable(change);
  }
}
