// The embedded control plane: the built Worker on this machine, its data in a folder of the user. Takes the folder's
// lock, ends what a killed host left behind, then starts the runtime; a port of its own is all the rest of the program
// sees of it.

import { chmodSync, mkdirSync } from "node:fs";
import path from "node:path";
import { takeDataLock } from "@longwire/shared/node/data-lock.ts";
import type { RateLimits } from "./limits.ts";
import { endMarked, folderMark } from "./marked-processes.ts";
import { Workerd } from "./workerd.ts";

export interface ControlPlaneOptions {
  /** The Worker, bundled into one file. */
  readonly scriptPath: string;
  /** The built dashboard; absent: there is none. */
  readonly dashboardDir?: string;
  /** Made when missing. What is kept here lies in a folder of its own below it. */
  readonly dataDir: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly rateLimits: RateLimits;
  /** Whether the Worker may connect to this machine itself: only where its owner alone reaches it. Else public addresses. */
  readonly reachesLoopback?: boolean;
  /** What the Worker finds in its `env`; asked for once `dataDir` is there and this process has its lock. */
  readonly bindings: (dataDir: string) => Readonly<Record<string, string>>;
}

export interface ControlPlane {
  /** Without a slash at the end; good for as long as this is open. */
  readonly url: string;
  /** No process is left, and the folder is free, when it returns. Twice is fine. */
  close(): Promise<void>;
}

/** Returns when requests are served. Throws, with a message for the user, when the folder or the port is in use. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = makeFolder(options.dataDir);
  const lock = await takeDataLock(folder);
  const mark = folderMark(folder);
  let workerd: Workerd | undefined;
  const end = async (): Promise<void> => {
    try {
      await workerd?.close();
      await endMarked(mark);
    } finally {
      lock.release();
    }
  };
  try {
    await endMarked(mark);
    workerd = await Workerd.start({
      ...options,
      objectsDir: path.join(folder, "objects"),
      temporaryDir: path.join(folder, "tmp"),
      bindings: options.bindings(options.dataDir),
      environment: { [mark.name]: mark.value },
    });
    const url = await workerd.readUrl();
    let ended: Promise<void> | undefined;
    return { url, close: () => (ended ??= end()) };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where the control plane keeps what is its own. */
export const controlPlaneFolder = (dataDir: string): string => path.join(dataDir, "control-plane");

/** Nobody else may enter, whoever may enter `dataDir`: workerd makes its files readable for all. */
function makeFolder(dataDir: string): string {
  const folder = controlPlaneFolder(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}
