// Writing to a descriptor that does not block.

import { writeSync } from "node:fs";

/** How many bytes `fd` took; 0 where it has no room now. Throws where it takes none any more. */
export function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}
