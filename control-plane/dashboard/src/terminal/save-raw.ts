// A run's bytes as a file: written as they come where the browser lets a page do that, else kept until all are there.

import type { ClientOptions } from "@longwire/shared/client/caller.ts";

interface SaveTarget {
  createWritable(): Promise<WritableStream<Uint8Array>>;
}
type SavePicker = (options: { readonly suggestedName: string }) => Promise<SaveTarget>;

export interface RawRun {
  readonly client: ClientOptions;
  readonly machine: string;
  readonly process: string;
  readonly run: number;
}

/** Resolves once it is saved, or somebody thought better of it. */
export async function saveRaw({ client, machine, process, run }: RawRun): Promise<void> {
  const name = `${process}-${run}.out`;
  const pick = (window as { readonly showSaveFilePicker?: SavePicker }).showSaveFilePicker;
  const target = pick === undefined ? null : await pick({ suggestedName: name }).catch(() => null);
  if (pick !== undefined && target === null) return;
  const path = `/v1/machines/${encodeURIComponent(machine)}/processes/${encodeURIComponent(process)}/output`;
  const headers: Record<string, string> = client.token === undefined ? {} : { Authorization: `Bearer ${client.token}` };
  const answer = await (client.fetch ?? fetch)(`${client.url}${path}?format=raw&run=${run}`, { headers });
  if (!answer.ok || answer.body === null) throw new Error(`The output cannot be read (${answer.status}).`);
  if (target !== null) return await answer.body.pipeTo(await target.createWritable());
  const address = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
