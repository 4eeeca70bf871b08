// Every fault there is, by its number. `pnpm soak --fault F2` raises one with its whole count, `pnpm soak --all` each of
// them; a test raises each with its brief count.

import { dropAllMachines } from "./drop-all-machines.ts";
import type { Fault, FaultReport } from "./fault.ts";
import { killControlPlane } from "./kill-control-plane.ts";

export const catalogue: readonly Fault[] = [
  {
    id: "F2",
    title: "kill -9 of the control plane in mid-stream",
    unit: "kills",
    brief: 5,
    whole: 50,
    raise: killControlPlane,
  },
  {
    id: "F23",
    title: "every machine's socket is dropped at once",
    unit: "machines",
    brief: 50,
    whole: 500,
    raise: dropAllMachines,
  },
];

/** The fault of this number; throws where there is none. */
export function faultOf(id: string): Fault {
  const fault = catalogue.find((one) => one.id === id);
  if (fault === undefined) throw new Error(`no fault ${id}: there are ${catalogue.map((one) => one.id).join(", ")}`);
  return fault;
}

/** Raises a fault as a test does: the brief count and a fixed seed. */
export async function raiseBriefly(id: string): Promise<FaultReport> {
  const { raise, brief } = faultOf(id);
  const report = await raise({ count: brief, seed: 7 });
  process.stdout.write(`${id} ${JSON.stringify(report.figures)} ${report.late.join("; ")}\n`);
  return report;
}
