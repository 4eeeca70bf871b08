// Inviting a machine or a person: a code that is good once and for ten minutes.

import { useEffect, useState } from "preact/hooks";
import type { Invite, InviteRequest } from "@longwire/shared/api/invites.ts";
import { clientFor } from "../clients.ts";
import { now } from "../ui/clock.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatDuration } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { sayError } from "../ui/toasts.tsx";
import { emptyReach, reachBody, ReachFields, type Reach } from "./reach-fields.tsx";

export function InvitesPage() {
  const [invite, setInvite] = useState<Invite | null>(null);
  const [reach, setReach] = useState<Reach>(emptyReach);
  useEffect(() => {
    document.title = "Invites · Longwire";
  }, []);
  const make = async (request: InviteRequest): Promise<void> => {
    try {
      setInvite(await clientFor().invite(request));
    } catch (error) {
      sayError("No invite was made", error);
    }
  };
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          <h1>Invites</h1>
        </div>
      </header>
      {invite !== null && <Made invite={invite} />}
      <div class="cards">
        <section class="card" aria-labelledby="invite-machine">
          <h2 id="invite-machine">Another machine</h2>
          <p>Its runner joins this workspace and dials out; no port is opened there.</p>
          <div class="form-end">
            <button type="button" class="button button-main" onClick={() => void make({ kind: "machine" })}>
              <Icon name="machine" />
              <span>Make a code</span>
            </button>
          </div>
        </section>
        <section class="card" aria-labelledby="invite-person">
          <h2 id="invite-person">Somebody else, or a program</h2>
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault();
              void make({ kind: "token", ...reachBody(reach) });
            }}
          >
            <ReachFields reach={reach} onChange={setReach} />
            <div class="form-end">
              <button type="submit" class="button button-main" disabled={reach.scopes.length === 0}>
                <Icon name="invite" />
                <span>Make a code</span>
              </button>
            </div>
          </form>
        </section>
      </div>
    </>
  );
}

function Made({ invite }: { readonly invite: Invite }) {
  const left = Date.parse(invite.expires_at) - now.value;
  const text =
    invite.kind === "machine" ? `npx runner connect --server ${location.origin} --join ${invite.join}` : invite.join;
  return (
    <section class="card made" aria-live="polite" aria-label="The code">
      <p>
        {invite.kind === "machine" ? "On the other machine:" : `To be given at ${location.origin}/`}{" "}
        <span class="page-note">{left > 0 ? `good once, for ${formatDuration(left)}` : "it has ended"}</span>
      </p>
      <pre class="snippet">
        <code>{text}</code>
      </pre>
      <div class="form-end">
        <CopyButton text={text} label="Copy" />
      </div>
    </section>
  );
}
