// What one does to a process, and what is said of how it went: in the words of the answer, survivors named.

import type { Process, StopAnswer } from "@longwire/shared/api/views.ts";
import { signalSchema } from "@longwire/shared/signals.ts";
import type { MachineStore } from "../live/machine-store.ts";
import { sayDone, sayError, sayProblem } from "../ui/toasts.tsx";

export const nameOf = (process: Process): string => process.name ?? process.process_id;

async function act(
  what: string,
  store: MachineStore,
  work: () => Promise<Process>,
  done: (after: Process) => string,
): Promise<void> {
  try {
    const after = await work();
    store.put(after);
    sayDone(done(after));
  } catch (error) {
    sayError(what, error);
  } finally {
    store.refresh();
  }
}

export async function stopProcess(store: MachineStore, process: Process, signal = "SIGINT"): Promise<void> {
  const name = nameOf(process);
  try {
    const answer = await store.client.stop(process.process_id, { signal: signalSchema.parse(signal) });
    store.put(answer.process);
    sayStopped(name, answer);
  } catch (error) {
    sayError(`${name} was not stopped`, error);
  } finally {
    store.refresh();
  }
}

/** `stopped` is said only where the machine says that nobody is left. */
export function sayStopped(name: string, { stopped, survivors, process }: StopAnswer): void {
  if (stopped)
    return sayDone(
      `${name} is stopped${process.signal === null ? "" : ` (${process.signal})`}; nothing of it is left.`,
    );
  const left = survivors.map(({ pid, command, ports }) => (
    <li key={pid}>
      <code>{pid}</code> {command}
      {ports.length > 0 && ` holds port ${ports.join(", ")}`}
    </li>
  ));
  sayProblem(`${name} is not gone: ${survivors.length} still run`, <ul>{left}</ul>);
}

export async function stopTagged(store: MachineStore, tag: string): Promise<void> {
  try {
    const { items } = await store.client.stopMany({ tag });
    const left = items.filter((item) => !item.stopped);
    if (left.length === 0) sayDone(`${items.length} with the tag ${tag} stopped; nothing of them is left.`);
    for (const item of left) sayStopped(nameOf(item.process), item);
  } catch (error) {
    sayError(`Those with the tag ${tag} were not stopped`, error);
  } finally {
    store.refresh();
  }
}

export const restartProcess = (store: MachineStore, process: Process): Promise<void> =>
  act(
    `${nameOf(process)} was not restarted`,
    store,
    () => store.client.restart(process.process_id),
    (after) => `${nameOf(process)} begins run ${after.run}: ${after.state}.`,
  );

export const pauseProcess = (store: MachineStore, process: Process): Promise<void> =>
  act(
    `${nameOf(process)} was not paused`,
    store,
    () => store.client.pause(process.process_id),
    (after) => `${nameOf(process)} is ${after.state}.`,
  );

export const resumeProcess = (store: MachineStore, process: Process): Promise<void> =>
  act(
    `${nameOf(process)} was not resumed`,
    store,
    () => store.client.resume(process.process_id),
    (after) => `${nameOf(process)} is ${after.state}.`,
  );

export const signalProcess = (store: MachineStore, process: Process, signal: string): Promise<void> =>
  act(
    `${signal} was not sent to ${nameOf(process)}`,
    store,
    () => store.client.signal(process.process_id, { signal: signalSchema.parse(signal) }),
    () => `${signal} was sent to ${nameOf(process)}.`,
  );

export async function forgetProcess(store: MachineStore, process: Process): Promise<boolean> {
  try {
    await store.client.forget(process.process_id);
    sayDone(`${nameOf(process)} is forgotten.`);
    return true;
  } catch (error) {
    sayError(`${nameOf(process)} was not forgotten`, error);
    return false;
  } finally {
    store.refresh();
  }
}
