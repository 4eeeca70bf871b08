/**
 * Longwire itself as a subject: the embedded control plane and runner in one program, jobs started over HTTP, output read
 * from a socket, all through the public surface.
 */
import type { Argv, Following, OnChunk, StoppableRun, StoredRun, StoringSubject } from "../subject.ts";
import { countRows } from "../count-rows.ts";
import { connectIdleMachine } from "./idle-machine.ts";
import { createJobEvents, type JobEvent } from "./job-events.ts";
import { type LongwireProduct, startProduct } from "./product.ts";

/** Where to read. `after` null: what comes from now on. */
export interface Place {
  readonly url: string;
  readonly token: string;
  readonly after: number | null;
}

/** Follows the jobs of these names over one socket; resolves when it is there. */
export type Follow = (place: Place, names: readonly string[], onChunk: OnChunk) => Promise<Following>;

/** Longwire, for cases that ask for more than running jobs. */
export interface Longwire extends StoringSubject {
  product(): LongwireProduct;
}

/** Whether the subject is Longwire. */
export function isLongwire(subject: { readonly name: string }): subject is Longwire {
  return "product" in subject;
}

/** Longwire, with viewers that read in this way; a second way is a variant of the first. */
export function createLongwire(name: string, follow: Follow, variantOf?: string): Longwire {
  let product: LongwireProduct | null = null;
  let stop: () => Promise<void> = async () => undefined;
  let runs = 0;

  function running(): LongwireProduct {
    if (product === null) throw new Error("longwire is not started");
    return product;
  }

  return {
    name,
    ...(variantOf === undefined ? {} : { variantOf }),
    product: running,
    async start() {
      product = await startProduct((end) => {
        stop = end;
      });
    },
    begin(jobs) {
      runs += 1;
      return beginRun(running(), follow, `bench-${runs}`, jobs);
    },
    pids: () => (product === null ? [] : [product.pid]),
    url: () => running().url,
    countRows: () => countRows(running().objectsFolder, /^log_\d+$/),
    connectMachine: () => connectIdleMachine(running()),
    async stop() {
      await stop();
      product = null;
    },
  };
}

interface Page {
  readonly events: readonly JobEvent[];
  readonly next_after: number;
  readonly head: number;
}

async function beginRun(
  product: LongwireProduct,
  follow: Follow,
  prefix: string,
  jobs: readonly Argv[],
): Promise<StoredRun & StoppableRun> {
  const { url, token } = product;
  // Names are known before the answers to the starts are, so no event comes too early to be understood.
  const names = jobs.map((_, job) => `${prefix}-${job}`);
  const { head } = await product.call<{ readonly head: number }>("GET", "");
  let polledTo = head;
  let polled: ReturnType<typeof createJobEvents> | null = null;
  return {
    follow: (onChunk) => follow({ url, token, after: null }, names, onChunk),
    followAt: (otherUrl, onChunk) => follow({ url: otherUrl, token, after: null }, names, onChunk),
    replay: (onChunk) => follow({ url, token, after: head }, names, onChunk),
    async ask() {
      await Promise.all(jobs.map((argv, job) => product.call("POST", "/processes", { argv, name: names[job] })));
    },
    async poll(onChunk) {
      const events = (polled ??= createJobEvents(names, onChunk));
      const page = await product.call<Page>("GET", `/events?after=${polledTo}`);
      polledTo = page.next_after;
      return page.events.map((event) => events.take(event)).some(Boolean);
    },
    async stop() {
      await product.call("POST", `/processes/${names[0]}/stop`, {});
    },
    close: async () => undefined,
  };
}
