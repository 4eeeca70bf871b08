// Why a form was refused, in the API's own words.

import { LongwireError } from "@longwire/shared/client/longwire-error.ts";

/** `error`: whatever the call threw; null: nothing yet. */
export function Refusal({ error }: { readonly error: unknown }) {
  return <div role="alert">{error != null && <Told error={error} />}</div>;
}

function Told({ error }: { readonly error: unknown }) {
  const faults = error instanceof LongwireError ? (error.problem?.errors ?? []) : [];
  return (
    <div class="problem">
      {/* Of several faults the message has the first alone. */}
      {faults.length > 1 ? (
        faults.map(({ path, message }) => (
          <p key={path}>
            <code>{path}</code> {message}
          </p>
        ))
      ) : (
        <p>{error instanceof Error ? error.message : String(error)}</p>
      )}
      {/* With a fault that is named it would say no more than that. */}
      {error instanceof LongwireError && faults.length === 0 && <p class="hint">{error.hint}</p>}
    </div>
  );
}
