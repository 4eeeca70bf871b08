// Builds that are broken on purpose, one line each. The simulation must find every one of them, and by its own fault.

import type { Patch } from "../simulation/bundle.ts";

export interface BrokenBuild {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** What the simulation must say of it. */
  readonly fault: RegExp;
}

const link = "control-plane/src/machine/runner-link.ts";
const log = "control-plane/src/machine/log.ts";

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    name: "acknowledges before it stores",
    patches: [
      {
        file: link,
        from: "    const log = this.#parts.log();\n    const verdict =",
        to: `    const log = this.#parts.log();
    const hoped = Object.fromEntries(header.parts.map((part) => [part.spool, part.from_record + part.count]));
    send(socket, { type: "ack", batch: header.batch, positions: hoped, head: log.head });
    const verdict =`,
      },
    ],
    fault: /has a gap, and nothing was lost|misses bytes|of \d+ bytes|has 0 ends/,
  },
  {
    name: "stores a batch wherever it begins",
    patches: [
      {
        file: "shared/src/positions.ts",
        from: "    if (part.from_record + part.count <= stands.next) old++;\n    else if (part.from_record === stands.next) {",
        to: "    if (part.count > 0) {",
      },
    ],
    fault: /repeats bytes|behind its end|has 2 ends|misses bytes/,
  },
  {
    name: "hears a connection that was replaced",
    patches: [
      {
        file: link,
        from: "    if (socket.readyState !== WebSocket.OPEN) return;\n    if (!read(socket).welcomed)",
        to: "    if (!read(socket).welcomed)",
      },
      {
        file: link,
        from: "  socket.send(JSON.stringify(frame));",
        to: "  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));",
      },
    ],
    fault: /a connection that was closed is still heard/,
  },
  {
    name: "takes bytes for text",
    patches: [{ file: "control-plane/src/machine/stored-batch.ts", from: "fatal: true", to: "fatal: false" }],
    fault: /differs at offset/,
  },
  {
    name: "starts what it started already",
    patches: [
      {
        file: "runner/src/supervise/command-desk.ts",
        from: "if (journal.isSettled(id) && (expired || !journal.hasExpired(id))) {",
        to: "if (journal.isSettled(id) && expired) {",
      },
    ],
    fault: /started more than one process/,
  },
  {
    name: "spawns though its run was cancelled",
    patches: [
      {
        file: "runner/src/shim/claim.ts",
        from: `if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;`,
        to: `if ((error as NodeJS.ErrnoException).code === "EEXIST") return true;`,
      },
    ],
    fault: /was begun, and the log says it was not/,
  },
  {
    name: "syncs nothing",
    patches: [
      {
        file: "runner/src/supervise/write-durably.ts",
        from: "    fsyncSync(fd);\n  } finally {\n    closeSync(fd);\n  }\n  renameSync",
        to: "  } finally {\n    closeSync(fd);\n  }\n  renameSync",
      },
      {
        file: "runner/src/supervise/write-durably.ts",
        from: "    fsyncSync(fd);\n  } finally {\n    closeSync(fd);\n  }\n}",
        to: "  } finally {\n    closeSync(fd);\n  }\n}",
      },
      { file: "runner/src/supervise/command-journal.ts", from: "if (this.#dirty) fdatasyncSync(this.#fd);", to: "" },
    ],
    fault: /started more than one process|behind its end|runner threw/,
  },
  {
    name: "sends viewers more than their credit",
    patches: [
      {
        file: "control-plane/src/machine/events-face.ts",
        from: "return viewerCreditBytes - this.inFlight;",
        to: "return viewerCreditBytes;",
      },
    ],
    fault: /bytes beyond its credit/,
  },
  {
    name: "does not go back when it is told to",
    patches: [
      {
        file: "runner/src/link/link.ts",
        from: "if (this.#outbox?.rewind(frame.batch, frame.positions) === true) this.#pump();",
        to: "",
      },
    ],
    fault: /gave the link up: nothing acknowledged/,
  },
  {
    name: "drops old partitions without a word",
    patches: [
      {
        file: "shared/src/expired-frame.ts",
        from: "return cursor + 1 < earliest ?",
        to: "return cursor + 1 < earliest && cursor < 0 ?",
      },
    ],
    fault: /a viewer got \d+ after|does not come to rest/,
  },
  {
    name: "reads records whose check is wrong",
    patches: [{ file: "runner/src/spool/record.ts", from: "if (crc32(body) !== check || ", to: "if (" }],
    fault: /differs at offset|runner threw|does not come to rest/,
  },
  {
    name: "keeps silent about what is lost",
    patches: [
      {
        file: log,
        from: "for (const loss of losses) this.#tell(this.head + 1, loss);\n    const isRestored",
        to: "for (const { moved } of losses) if (moved !== null) this.#positions.set(moved.spool, moved.position);\n    const isRestored",
      },
    ],
    fault: /misses bytes from \d+ to \d+ without a gap/,
  },
  {
    name: "goes on where a restored log ends",
    patches: [
      {
        file: "control-plane/src/machine/losses.ts",
        from: "  if (lastSeq <= head) return null;\n",
        to: "  if (head >= 0) return null;\n",
      },
    ],
    fault: /means two things|does not come to rest/,
  },
  {
    name: "forgets what it stored since its checkpoint",
    patches: [{ file: log, from: "this.head = stored.seq + header.facts.length - 1;", to: "void stored;" }],
    fault: /was acknowledged, and the log ends at|the log ends at/,
  },
];
