/** Longwire as `pnpm start` runs it, on a free port, with data of its own and every command allowed, and its HTTP surface. */
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { type Program, startProgram } from "../program.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const STOP_GRACE_MS = 30_000;

/** A running product. */
export interface LongwireProduct {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  /** Where the objects' databases lie. */
  readonly objectsFolder: string;
  /** What machines enrol with. */
  readonly enrollKey: string;
  /** An answer of the API; `path` is below the machine. Throws where it is a refusal. */
  call<T>(method: string, path: string, body?: object): Promise<T>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** What the ready line says, as far as it is used here. */
interface Ready {
  readonly url: string;
  readonly machine_id: string;
  readonly token: string;
}

/** Starts the product; `onProgram` hears of the program before it is ready, so that it can be ended meanwhile. */
export async function startProduct(onStarting: (stop: () => Promise<void>) => void): Promise<LongwireProduct> {
  const folder = await mkdtemp(join(tmpdir(), "longwire-bench-data-"));
  const start = join(ROOT, "scripts", "start.ts");
  const options = ["--json", "--port", "0", "--data", folder, "--allow-all", "--allow-root"];
  // A viewer behind a flood reads the log, which must hold what the flood wrote until it was read.
  const env = { LONGWIRE_RETENTION_BYTES: String(4 * 1024 ** 3) };
  const program: Program = startProgram([process.execPath, start, ...options], ROOT, env);
  const stop = async (): Promise<void> => {
    await program.end(STOP_GRACE_MS);
    await rm(folder, { recursive: true, force: true });
  };
  onStarting(stop);
  const ready: Ready = JSON.parse(await program.readLine());
  const machine = `${ready.url}/v1/machines/${ready.machine_id}`;
  return {
    pid: program.pid,
    url: ready.url,
    token: ready.token,
    objectsFolder: join(folder, "control-plane", "objects"),
    enrollKey: await readFile(join(folder, "enroll-key"), "utf8"),
    async call(method, path, body) {
      const answer = await fetch(machine + path, {
        method,
        headers: {
          authorization: `Bearer ${ready.token}`,
          ...(body === undefined ? {} : { "content-type": "application/json", "idempotency-key": randomUUID() }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
      return JSON.parse(text);
    },
    stop,
  };
}
