// The pipes between a shim and its child. Node's own are sockets, which on Linux cannot be opened by name: in a child
// `echo … > /dev/stderr` would fail with ENXIO. So pipes are made by name in the run's folder and the names removed.
// That costs a `mkfifo` (2 ms); where it fails, and outside Linux, Node's own have to do.

import { type ChildProcess, execFileSync } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pipeReadBytes } from "@longwire/shared/limits.ts";
import type { OutputPipes } from "./capture.ts";
import type { InputSink } from "./input-queue.ts";
import { writeSome } from "./write-some.ts";

/** Begins to read a pipe. A chunk holds only until the call returns. */
export type OpenPipe = (onChunk: (chunk: Buffer) => void) => Readable;

export interface ChildPipes {
  /** What the child gets as descriptors 0 to 2. */
  readonly stdio: readonly [number, number, number] | readonly ["pipe", "pipe", "pipe"];
  /** To be called once the child has its descriptors; gives what to read and to write. */
  readonly handOver: (child: ChildProcess) => { readonly output: OutputPipes; readonly input: InputSink };
  /** To be called where there is no child. */
  readonly discard: () => void;
}

/** `merge`: standard error goes the way of standard output, on the same descriptor. Throws where that cannot be done. */
export function openChildPipes(folder: string, merge: boolean): ChildPipes {
  const named = process.platform === "linux" || merge ? openNamedPipes(folder, merge) : null;
  if (named === null && merge) throw new Error("this system makes no named pipes, which one descriptor for both needs");
  return named ?? nodePipes;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

function openNamedPipes(folder: string, merge: boolean): ChildPipes | null {
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
    // Open until it is asked to close: the child's input does not end before.
    const inputWriter = open(stdin, O_WRONLY | O_NONBLOCK);
    const childInput = open(stdin, O_RDONLY);
    const outReader = open(stdout, O_RDONLY | O_NONBLOCK);
    const childOut = open(stdout, O_WRONLY);
    const input = {
      write: (bytes: Uint8Array) => writeSome(inputWriter, bytes),
      close: () => closeSync(inputWriter),
    };
    const err = merge ? null : { reader: open(stderr, O_RDONLY | O_NONBLOCK), child: open(stderr, O_WRONLY) };
    const output: OutputPipes = [
      { stream: "stdout", open: readNamedPipe(outReader) },
      ...(err === null ? [] : [{ stream: "stderr", open: readNamedPipe(err.reader) } as const]),
    ];
    const stdio = [childInput, childOut, err?.child ?? childOut] as const;
    return {
      stdio,
      handOver: () => {
        for (const fd of new Set([inputReader, ...stdio])) closeSync(fd);
        return { output, input };
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
    const buffer = Buffer.allocUnsafeSlow(pipeReadBytes);
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
    return {
      output: [
        { stream: "stdout", open: (onChunk) => listen(stdout, onChunk) },
        { stream: "stderr", open: (onChunk) => listen(stderr, onChunk) },
      ],
      input: { write: (bytes) => writeToStream(stdin, bytes), close: () => void stdin?.end() },
    };
  },
  discard: () => {},
};

function listen(pipe: Readable | null, onChunk: (chunk: Buffer) => void): Readable {
  if (pipe === null) throw new Error("a child without pipes");
  return pipe.on("data", onChunk);
}

/** Takes nothing while something is on its way already. */
function writeToStream(stdin: Writable | null, bytes: Uint8Array): number {
  if (stdin === null || !stdin.writable) throw new Error("the input is closed");
  if (stdin.writableLength > 0) return 0;
  stdin.write(Uint8Array.from(bytes));
  return bytes.byteLength;
}
