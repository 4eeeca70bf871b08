// The pipes between a shim and its child. Node's own are sockets, which on Linux cannot be opened by name: in a child
// `echo … > /dev/stderr` would fail with ENXIO. So pipes are made by name in the run's folder and the names removed.
// That costs a `mkfifo` (2 ms); where it fails, and outside Linux, Node's own have to do.

import { type ChildProcess, execFileSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { maxRecordPayloadBytes } from "@longwire/shared/limits.ts";

/** Begins to read a pipe. A chunk holds only until the call returns. */
export type OpenPipe = (onChunk: (chunk: Buffer) => void) => Readable;

export interface ChildPipes {
  /** What the child gets as descriptors 0 to 2. */
  readonly stdio: readonly [number, number, number] | readonly ["pipe", "pipe", "pipe"];
  /** To be called once the child has its descriptors; gives what to read. */
  readonly handOver: (child: ChildProcess) => { readonly stdout: OpenPipe; readonly stderr: OpenPipe };
  /** To be called where there is no child. */
  readonly discard: () => void;
}

export function openChildPipes(folder: string): ChildPipes {
  return (process.platform === "linux" ? openNamedPipes(folder) : null) ?? nodePipes;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

function openNamedPipes(folder: string): ChildPipes | null {
  const paths = ["stdin", "stdout", "stderr"].map((name) => join(folder, `${name}.pipe`));
  const [stdin = "", stdout = "", stderr = ""] = paths;
  const opened: number[] = [];
  const open = (path: string, flags: number): number => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    execFileSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
    // Whichever end is opened first must not wait for the other; the child's ends must not be non-blocking.
    const inputReader = open(stdin, O_RDONLY | O_NONBLOCK);
    // Held open, and never read: the child's input does not end.
    open(stdin, O_WRONLY | O_NONBLOCK);
    const childInput = open(stdin, O_RDONLY);
    const [outReader, errReader] = [open(stdout, O_RDONLY | O_NONBLOCK), open(stderr, O_RDONLY | O_NONBLOCK)];
    const [childOut, childErr] = [open(stdout, O_WRONLY), open(stderr, O_WRONLY)];
    return {
      stdio: [childInput, childOut, childErr],
      handOver: () => {
        for (const fd of [inputReader, childInput, childOut, childErr]) closeSync(fd);
        return { stdout: readNamedPipe(outReader), stderr: readNamedPipe(errReader) };
      },
      discard: () => opened.forEach((fd) => closeSync(fd)),
    };
  } catch {
    for (const fd of opened) closeSync(fd);
    return null;
  } finally {
    for (const path of paths) rmSync(path, { force: true });
  }
}

/** All reads go to one buffer: under a flood that halves both the memory and the work of a buffer for each. */
function readNamedPipe(fd: number): OpenPipe {
  return (onChunk) => {
    const buffer = Buffer.allocUnsafeSlow(maxRecordPayloadBytes);
    const callback = (size: number): boolean => {
      onChunk(buffer.subarray(0, size));
      return true;
    };
    return new Socket({ fd, readable: true, writable: false, onread: { buffer, callback } });
  };
}

const nodePipes: ChildPipes = {
  stdio: ["pipe", "pipe", "pipe"],
  handOver: ({ stdin, stdout, stderr }) => {
    // A child that closed its input is no error of ours.
    stdin?.on("error", () => {});
    return { stdout: (onChunk) => listen(stdout, onChunk), stderr: (onChunk) => listen(stderr, onChunk) };
  },
  discard: () => {},
};

function listen(pipe: Readable | null, onChunk: (chunk: Buffer) => void): Readable {
  if (pipe === null) throw new Error("a child without pipes");
  return pipe.on("data", onChunk);
}
