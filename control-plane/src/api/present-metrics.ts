// What a sample of the machine says of a process and of the machine, as callers read it.

import type { Machine, Process } from "@longwire/shared/api/views.ts";
import { answerWithinMs } from "@longwire/shared/limits.ts";
import type { Samples } from "@longwire/shared/wire/questions.ts";
import { presentMachine, presentPort, presentTree } from "../machine/present-samples.ts";
import type { Answered } from "../machine/questions.ts";

const silence = `The runner gave no sample within ${answerWithinMs / 1000} s; ask again, or update a runner that is older than this control plane.`;

/** The process with what its tree uses; null while its machine is offline, and where it does not run. */
export function withMetrics(process: Process, answered: Answered): Process {
  const samples = samplesOf(answered);
  if (samples === "offline") return { ...process, metrics: null, ports: null };
  if (samples === "silent") return { ...process, metrics_reason: silence };
  const isOf = (one: { process?: string | undefined; run?: number | undefined }): boolean =>
    one.process === process.process_id && one.run === process.run;
  const ports = samples.ports.filter(isOf).map(presentPort);
  const sample = samples.trees.find(isOf);
  if (sample === undefined) return { ...process, metrics: null, ports };
  return { ...process, metrics: presentTree(samples, sample), ports };
}

/** The machine with how it does and who listens on it; null while it is offline. */
export function withMachineMetrics(machine: Machine, answered: Answered): Machine {
  const samples = samplesOf(answered);
  if (samples === "offline") return { ...machine, metrics: null, ports: null };
  if (samples === "silent") return { ...machine, metrics_reason: silence };
  const ports = samples.ports.map((port) => ({ ...presentPort(port), process_id: port.process ?? null }));
  return { ...machine, metrics: presentMachine(samples), ports };
}

function samplesOf(answered: Answered): Samples | "offline" | "silent" {
  if (answered.type !== "answered") return answered.type;
  return answered.answer.type === "samples" ? answered.answer : "silent";
}
