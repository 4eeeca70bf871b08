// The tokens of the workspace: made, shown once, revoked.

import { useEffect, useState } from "preact/hooks";
import type { Token } from "@longwire/shared/api/tokens.ts";
import { readPages } from "@longwire/shared/client/read-pages.ts";
import { clientFor } from "../clients.ts";
import { stores } from "../live/machines.ts";
import { session } from "../session/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { Ago } from "../ui/times.tsx";
import { sayDone, sayError } from "../ui/toasts.tsx";
import { emptyReach, reachBody, ReachFields, type Reach } from "./reach-fields.tsx";

export function TokensPage() {
  const [tokens, setTokens] = useState<readonly Token[]>([]);
  const [isMaking, setMaking] = useState(false);
  const load = async (): Promise<void> => setTokens(await readPages((from) => clientFor().tokens(from)));
  const reload = (): void => void load().catch((error: unknown) => sayError("The tokens were not read", error));
  useEffect(() => {
    document.title = "Tokens · Longwire";
    reload();
  }, []);
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          <h1>Tokens</h1>
        </div>
        <div class="page-actions">
          <button type="button" class="button button-main" onClick={() => setMaking(true)}>
            <Icon name="plus" />
            <span>New token</span>
          </button>
        </div>
      </header>
      <div class="panel">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Allows</th>
              <th scope="col">Machines</th>
              <th scope="col">Ends</th>
              <th scope="col">Used</th>
              <th scope="col">
                <span class="hidden">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} onRevoked={reload} />
            ))}
          </tbody>
        </table>
      </div>
      {isMaking && (
        <NewToken
          onClose={() => {
            setMaking(false);
            reload();
          }}
        />
      )}
    </>
  );
}

function TokenRow({ token, onRevoked }: { readonly token: Token; readonly onRevoked: () => void }) {
  const [isSure, setSure] = useState(false);
  const isOwn = session.value.type === "in" && session.value.who.token_id === token.id;
  const revoke = async (): Promise<void> => {
    try {
      await clientFor().revokeToken(token.id);
      sayDone(`${token.name} is revoked; what it has open ends within 5 seconds.`);
    } catch (error) {
      sayError(`${token.name} was not revoked`, error);
    }
    onRevoked();
  };
  const names = token.machines?.map((id) => stores.value.find((store) => store.id === id)?.machine.value.name ?? id);
  return (
    <tr>
      <td>
        {token.name}
        {isOwn && <span class="tag"> this page</span>}
        <span class="page-note"> {token.kind === "operator" ? "" : token.kind}</span>
      </td>
      <td>{token.scopes.join(", ") || "its machine's link"}</td>
      <td>{names === undefined ? "all" : names.join(", ")}</td>
      <td>{token.expires_at === null ? "never" : new Date(token.expires_at).toLocaleString()}</td>
      <td>{token.last_used_at === null ? "never" : <Ago at={token.last_used_at} />}</td>
      <td class="number">
        {isSure ? (
          <button type="button" class="button button-small bad" onClick={() => void revoke()}>
            {isOwn ? "Revoke and be signed out" : "Really revoke"}
          </button>
        ) : (
          <button
            type="button"
            class="button button-small"
            aria-label={`Revoke ${token.name}`}
            onClick={() => setSure(true)}
          >
            Revoke
          </button>
        )}
      </td>
    </tr>
  );
}

function NewToken({ onClose }: { readonly onClose: () => void }) {
  const [reach, setReach] = useState<Reach>(emptyReach);
  const [text, setText] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    try {
      setText((await clientFor().createToken(reachBody(reach))).token);
    } catch (error) {
      sayError("No token was made", error);
    }
  };
  if (text !== null) {
    return (
      <ShownOnce
        title={`Token ${reach.name}`}
        words="Whoever has it may do what it allows."
        secret={text}
        copyLabel="Copy the token"
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title="New token" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <ReachFields reach={reach} onChange={setReach} />
        <div class="form-end">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-main" disabled={reach.scopes.length === 0}>
            Make it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
