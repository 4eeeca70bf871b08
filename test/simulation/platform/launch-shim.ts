// Stands in for the files of the runner by which shims come about.

import type { LaunchedShim } from "@longwire/runner/src/supervise/launch-shim.ts";
import { machineOf } from "../machine-host.ts";

/** No played run has a condition for being ready. */
export const watchReadiness = (): Promise<void> => Promise.resolve();

/** The simulated owner lets everything run, so nobody is asked what it is. */
export const gatherWhatRuns = (): never => {
  throw new Error("the simulated owner is asked");
};

/** Runs in terminals are played like all the others; what the native code would do is not here. */
export const installTerminal = (): object => ({ module: "/terminal.node", helper: "" });

/** No played machine has files of a project. */
export const readEnvFiles = (): readonly object[] => [];

export const installShim = (): string => "/shim.js";

export const launchShim = (_: string, folder: string): LaunchedShim | null =>
  machineOf().launch(folder) as LaunchedShim | null;
