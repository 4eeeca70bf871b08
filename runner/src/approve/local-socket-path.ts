// Where the runner of a data folder is asked on the machine itself: a socket in that folder, or, where its path is too
// long for one, in the folder for sockets, under a name made of the data folder's.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { maxSocketPathBytes, openSocketFolder } from "../supervise/data-folder.ts";

/** `dataFolder` is absolute. */
export function localSocketOf(dataFolder: string): string {
  const path = join(dataFolder, "owner.sock");
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return path;
  const name = createHash("sha256").update(dataFolder).digest("hex").slice(0, 12);
  return join(openSocketFolder(process.env), name);
}
