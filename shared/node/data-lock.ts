// One program at a time uses a data folder. The lock is the one SQLite takes on a file for an exclusive transaction: the
// system gives it to one process, and takes it back when that process is gone, however it went. So it is never stale.
// The holder's name lies beside it, for the message to whoever comes second.

import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

const sqliteBusy = 5;
const askAgainMs = 20;
const asks = 50;

/** Open databases release their lock when they are collected as garbage. */
const held = new Set<DatabaseSync>();

/** Another program holds the lock; the message names it and says what to do. */
export class DataFolderInUse extends Error {}

export interface DataLock {
  /** Twice is fine. */
  release(): void;
}

/**
 * Takes the lock of `folder`, which is there and is the user's alone, for this process.
 * Throws {@link DataFolderInUse} where there is a holder.
 */
export async function takeDataLock(folder: string): Promise<DataLock> {
  for (let ask = 1; ; ask += 1) {
    const database = tryLock(path.join(folder, "lock"));
    if (database !== null) {
      held.add(database);
      writeHolder(folder);
      return { release: () => void (held.delete(database) && database.close()) };
    }
    // Nobody alive is named for the moment between the holder's taking the lock and its writing its name.
    const holder = readHolder(folder);
    const isNamed = holder !== null && isAlive(holder);
    if (!isNamed && ask < asks) {
      await delay(askAgainMs);
      continue;
    }
    const name = isNamed ? `process ${holder.pid}` : "a process this one cannot see (in another container?)";
    throw new DataFolderInUse(
      `The data folder ${folder} is in use by ${name}: end that one, or take another folder with --data.`,
    );
  }
}

/** Null where it is taken. The file must not be opened in any other way: closing it would give the lock back. */
function tryLock(file: string): DatabaseSync | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // Without a journal there is no second file beside it.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    chmodSync(file, 0o600);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return null;
    throw error;
  }
}

const holderFile = (folder: string): string => path.join(folder, "holder.json");

function writeHolder(folder: string): void {
  const holder = ownIdentity();
  const unfinished = `${holderFile(folder)}.new`;
  writeFileSync(unfinished, JSON.stringify(holder), { mode: 0o600 });
  renameSync(unfinished, holderFile(folder));
}

/** Null where there is none yet. */
function readHolder(folder: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(holderFile(folder), "utf8")) as ProcessIdentity;
  } catch {
    return null;
  }
}
