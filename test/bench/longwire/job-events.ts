/** What the events of the jobs of a run say: output to hand over, and when all of them ended. */
import type { OnChunk } from "../subject.ts";

/** Fields of an event that matter here; `payload` where it came as bytes. */
export interface JobEvent {
  readonly type: string;
  readonly seq?: number | undefined;
  readonly name?: string | undefined;
  readonly data?: string | undefined;
  readonly data_base64?: string | undefined;
  readonly payload?: Uint8Array | undefined;
  readonly reason?: string | null | undefined;
}

/** Takes events in order. */
export interface JobEvents {
  /** Whether all jobs ended by now; throws where output is missing. */
  take(event: JobEvent): boolean;
}

/** The index of a name is its job; events of other names are passed over. */
export function createJobEvents(names: readonly string[], onChunk: OnChunk): JobEvents {
  const jobs = new Map(names.map((name, job) => [name, job]));
  let running = names.length;
  return {
    take(event) {
      if (event.type === "expired") throw new Error("the log let go of output before it was read");
      const job = jobs.get(event.name ?? "");
      if (job === undefined) return false;
      if (event.type === "gap") throw new Error(`output of ${event.name} is missing: ${event.reason}`);
      if (event.type === "output") onChunk(job, bytesOf(event));
      if (event.type === "exited") running -= 1;
      return running === 0;
    },
  };
}

function bytesOf({ payload, data, data_base64 }: JobEvent): Uint8Array {
  return payload ?? (data === undefined ? Buffer.from(data_base64 ?? "", "base64") : Buffer.from(data));
}
