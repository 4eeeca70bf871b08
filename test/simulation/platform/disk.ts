// `node:fs` on a disk in memory. It knows what was synced: a power cut keeps that, and of the rest what chance leaves.
// A program that was killed writes nothing more, and may be killed between any two of its writes.

import { clock, Killed } from "./clock.ts";
import { File, Folder, settle, survive } from "./disk-nodes.ts";
import { whole } from "./random.ts";

interface Open {
  readonly node: File | Folder;
  at: number;
}

let root = new Folder();
let open = new Map<number, Open>();
let lastFd = 2;

/** What troubles do to the disk. */
export const disk = {
  isFull: false,
  /** The program that writes is killed at its so-many-th write; null: never. */
  killAt: null as number | null,
  onKill: (): void => {},

  reset(): void {
    root = new Folder();
    open = new Map();
    disk.isFull = false;
    disk.killAt = null;
  },

  /** Everything there is counts as synced: the machine has run for long. */
  settle(): void {
    settle(root);
  },

  /** The power is cut: what was not synced is there whole, in part, or not. */
  cutPower(): void {
    root = survive(root) as Folder;
    open = new Map();
  },

  /** Turns one bit of a file whose path ends with `suffix`; whether there was one. */
  corrupt(suffix: string): boolean {
    const files = [...walk(root, "")].filter(([path, file]) => path.endsWith(suffix) && file.size > 0);
    const [, file] = files[whole(0, files.length - 1)] ?? [];
    if (file === undefined) return false;
    const at = whole(0, file.size - 1);
    file.bytes[at] = (file.bytes[at] ?? 0) ^ (1 << whole(0, 7));
    return true;
  },
};

function* walk(folder: Folder, path: string): Generator<[string, File]> {
  for (const [name, entry] of folder.entries) {
    if (entry instanceof File) yield [`${path}/${name}`, entry];
    else yield* walk(entry, `${path}/${name}`);
  }
}

function fail(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code });
}

/** No turn needs more; a program that does goes round in circles. */
const maxTouches = 20_000;
let touches = 0;
let touchedIn = -1;

function check(): void {
  if (touchedIn !== clock.turns) touches = 0;
  touchedIn = clock.turns;
  if (++touches > maxTouches) {
    clock.complain(clock.current, new Error("goes round in circles"));
    clock.current.isAlive = false;
  }
  if (!clock.current.isAlive) throw new Killed();
}

/** Before each write. */
function write(path: string): void {
  check();
  if (disk.killAt !== null && clock.current.name === "runner" && --disk.killAt < 0) {
    disk.killAt = null;
    disk.onKill();
    throw new Killed();
  }
  if (disk.isFull) fail("ENOSPC", path);
}

const namesOf = (path: string): string[] => path.split("/").filter((name) => name !== "");

function look(path: string): File | Folder | undefined {
  let node: File | Folder | undefined = root;
  for (const name of namesOf(path)) node = node instanceof Folder ? node.entries.get(name) : undefined;
  return node;
}

/** The folder `path` lies in, and its name there. */
function parentOf(path: string): [Folder, string] {
  const names = namesOf(path);
  const name = names.pop() ?? "";
  const folder = look(names.join("/"));
  return folder instanceof Folder ? [folder, name] : fail("ENOENT", path);
}

function fileOf(fd: number): File {
  const node = open.get(fd)?.node;
  return node instanceof File ? node : fail("EBADF", String(fd));
}

function create(path: string): File {
  const [folder, name] = parentOf(path);
  const file = new File();
  folder.entries.set(name, file);
  return file;
}

export function openSync(path: string, flags: string): number {
  check();
  let node = look(path);
  if (flags === "r") {
    if (node === undefined) fail("ENOENT", path);
  } else {
    write(path);
    node ??= create(path);
    if (flags === "w") (node as File).truncate(0);
  }
  open.set(++lastFd, { node, at: flags === "a" && node instanceof File ? node.size : 0 });
  return lastFd;
}

export function closeSync(fd: number): void {
  open.delete(fd);
}

export function readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
  check();
  const piece = fileOf(fd).content.subarray(position, position + length);
  buffer.set(piece, offset);
  return piece.byteLength;
}

export function writevSync(fd: number, pieces: readonly Uint8Array[], position: number): number {
  write("writev");
  let at = position;
  for (const piece of pieces) {
    fileOf(fd).write(piece, at);
    at += piece.byteLength;
  }
  return at - position;
}

export function writeSync(fd: number, text: string): number {
  write("write");
  const file = fileOf(fd);
  file.write(Buffer.from(text), file.size);
  return text.length;
}

export function ftruncateSync(fd: number, size: number): void {
  check();
  fileOf(fd).truncate(size);
}

export function fsyncSync(fd: number): void {
  check();
  const node = open.get(fd)?.node;
  if (node instanceof File) node.synced = Buffer.from(node.content);
  else if (node !== undefined) node.synced = new Map(node.entries);
}
export const fdatasyncSync = fsyncSync;

export function fstatSync(fd: number): { size: number } {
  check();
  return { size: fileOf(fd).size };
}

export function readFileSync(path: string, encoding?: string): string | Buffer {
  check();
  const node = look(path);
  if (!(node instanceof File)) fail("ENOENT", path);
  return encoding === undefined ? Buffer.from(node.content) : node.content.toString("utf8");
}

export function writeFileSync(path: string | number, content: string | Uint8Array): void {
  write(String(path));
  const file = typeof path === "number" ? fileOf(path) : (look(path) ?? create(path));
  if (!(file instanceof File)) fail("EISDIR", String(path));
  file.truncate(0);
  file.write(Buffer.from(content as string), 0);
}

export function renameSync(from: string, to: string): void {
  write(from);
  const [folder, name] = parentOf(from);
  const [target, targetName] = parentOf(to);
  const node = folder.entries.get(name) ?? fail("ENOENT", from);
  folder.entries.delete(name);
  target.entries.set(targetName, node);
}

export function linkSync(from: string, to: string): void {
  write(from);
  const node = look(from) ?? fail("ENOENT", from);
  const [folder, name] = parentOf(to);
  if (folder.entries.has(name)) fail("EEXIST", to);
  folder.entries.set(name, node);
}

export function rmSync(path: string, { force = false }: { force?: boolean } = {}): void {
  check();
  const [folder, name] = namesOf(path).length > 0 && look(path) !== undefined ? parentOf(path) : [undefined, ""];
  if (folder === undefined) return force ? undefined : fail("ENOENT", path);
  folder.entries.delete(name);
}

export function mkdirSync(path: string, { recursive = false }: { recursive?: boolean } = {}): void {
  check();
  const names = namesOf(path);
  for (let depth = recursive ? 1 : names.length; depth <= names.length; depth++) {
    const at = names.slice(0, depth).join("/");
    if (look(at) !== undefined) {
      if (!recursive) fail("EEXIST", at);
      continue;
    }
    write(at);
    const [folder, name] = parentOf(at);
    folder.entries.set(name, new Folder());
  }
}

interface Entry {
  readonly name: string;
  isDirectory(): boolean;
}

export function readdirSync(path: string, options?: { withFileTypes: boolean }): string[] | Entry[] {
  check();
  const node = look(path);
  if (!(node instanceof Folder)) fail("ENOENT", path);
  if (options === undefined) return [...node.entries.keys()];
  return [...node.entries].map(([name, entry]) => ({ name, isDirectory: () => entry instanceof Folder }));
}

interface Stat {
  readonly size: number;
  readonly uid: number;
  readonly mode: number;
  isDirectory(): boolean;
}

export function statSync(path: string, { throwIfNoEntry = true }: { throwIfNoEntry?: boolean } = {}): Stat | undefined {
  check();
  const node = look(path);
  if (node === undefined) return throwIfNoEntry ? fail("ENOENT", path) : undefined;
  const size = node instanceof File ? node.size : 0;
  return { size, uid: process.getuid?.() ?? 0, mode: 0o700, isDirectory: () => node instanceof Folder };
}
export const lstatSync = statSync;

export function existsSync(path: string): boolean {
  return look(path) !== undefined;
}

/** No links here. */
export function realpathSync(path: string): string {
  return look(path) === undefined ? fail("ENOENT", path) : path;
}

export function chmodSync(): void {}

export function mkdtempSync(prefix: string): string {
  mkdirSync(`${prefix}1`, { recursive: true });
  return `${prefix}1`;
}
