// The machine's object with what the platform does around it: turns whose writes and messages become real together,
// sleep, crashes, backups, a second instance, one alarm, answers to pings.

import { Machine, type MachineInstance } from "simulated:machine";
import { maxFrameBytes } from "@longwire/shared/limits.ts";
import { pingText, pongText } from "@longwire/shared/ping.ts";
import { headOf } from "./history.ts";
import { clock, Killed, type Owner } from "./platform/clock.ts";
import type { Server } from "./platform/network.ts";
import type { Effect, SimulatedSocket } from "./platform/socket.ts";
import { DiskFault, SimulatedStorage } from "./platform/sql-storage.ts";

interface Instance {
  readonly owner: Owner;
  readonly machine: MachineInstance;
  readonly sockets: Set<SimulatedSocket>;
  /** A newer one took its place: storage refuses it. */
  isStale: boolean;
}

const profile = { machine_id: "m1", name: "test", os: "linux", arch: "x64", runner_version: "1" };

export interface ObjectEvents {
  /** After each turn that was kept. */
  readonly onKept: (machine: MachineInstance) => void;
  /** After each instance was made. */
  readonly onWoken: (machine: MachineInstance) => void;
  readonly onFault: (fault: string) => void;
}

export class ObjectHost implements Server {
  #storage = new SimulatedStorage();
  #instance: Instance | null = null;
  /** Sockets of an object that sleeps. */
  #asleep = new Set<SimulatedSocket>();
  #effects: Effect[] = [];
  #isKilled = false;
  #isCreated = false;
  #lastOrder = 0;
  #alarm = 0;
  readonly #env: { readonly RETENTION_BYTES: string; readonly STARTS_PER_MINUTE: string };
  readonly #events: ObjectEvents;
  /** The object crashes at its so-many-th statement, or that write fails; null: never. */
  killAt: number | null = null;
  failAt: number | null = null;

  constructor(retentionBytes: number, events: ObjectEvents) {
    // Its operators are in more of a hurry than any quota allows.
    this.#env = { RETENTION_BYTES: String(retentionBytes), STARTS_PER_MINUTE: "1000000" };
    this.#events = events;
    this.#storage.onStatement = (isWrite) => this.#onStatement(isWrite);
  }

  /** Once, before anything else. */
  create(): void {
    this.#later((machine) => machine.create(profile));
    this.#isCreated = true;
  }

  #onStatement(isWrite: boolean): void {
    const instance = this.#inTurn;
    if (instance === null) return;
    if (instance.isStale) throw new Error("this object was replaced by a newer instance");
    if (!instance.owner.isAlive) throw new Killed();
    if (this.killAt !== null && --this.killAt < 0) {
      this.killAt = null;
      this.crash();
      throw new Killed();
    }
    if (isWrite && this.failAt !== null && --this.failAt < 0) {
      this.failAt = null;
      throw new DiskFault("disk I/O error");
    }
  }

  #inTurn: Instance | null = null;

  #wake(): Instance {
    const name = "object";
    const sockets = this.#asleep;
    this.#asleep = new Set();
    let made: Instance | null = null;
    const owner: Owner = {
      name,
      isAlive: true,
      begin: () => {
        this.#inTurn = made;
        this.#effects = [];
        this.#isKilled = false;
        this.#storage.begin();
      },
      end: () => this.#endTurn(made),
      // The platform breaks an instance that fails; of a stale one it is expected to.
      onError: (error) => {
        if (error instanceof DiskFault) return true;
        if (made?.isStale !== true) return false;
        for (const socket of made.sockets) breakOff(socket);
        return true;
      },
    };
    const before = clock.current;
    clock.current = owner;
    owner.begin?.();
    const machine = new Machine(this.#context(sockets), this.#env);
    owner.end?.();
    clock.current = before;
    made = { owner, machine, sockets, isStale: false };
    this.#instance = made;
    // Before it is created there is nothing to look at.
    if (this.#isCreated) this.#events.onWoken(machine);
    return made;
  }

  #endTurn(instance: Instance | null): void {
    this.#inTurn = null;
    const effects = this.#effects;
    this.#effects = [];
    if (this.#isKilled || instance?.owner.isAlive === false) return this.#storage.rollback();
    this.#storage.commit();
    for (const effect of effects) effect();
    if (instance !== null && !instance.isStale) this.#events.onKept(instance.machine);
  }

  #context(sockets: Set<SimulatedSocket>): unknown {
    const storage = this.#storage;
    return {
      storage: {
        sql: storage,
        transactionSync: <T>(run: () => T): T => {
          this.#onStatement(false);
          return storage.transactionSync(run);
        },
        setAlarm: (at: number) => this.#setAlarm(at),
      },
      getWebSockets: (tag?: string) =>
        [...sockets].filter((socket) => (tag === undefined || socket.tags.includes(tag)) && socket.readyState < 3),
      acceptWebSocket: (socket: SimulatedSocket, tags: readonly string[]) => {
        socket.tags = tags;
        socket.order = ++this.#lastOrder;
        socket.gate = (effect) => {
          if (this.#inTurn !== null) this.#effects.push(effect);
        };
        sockets.add(socket);
      },
      getTags: (socket: SimulatedSocket) => socket.tags,
      setWebSocketAutoResponse: () => {},
      getWebSocketAutoResponseTimestamp: (socket: SimulatedSocket) =>
        socket.answeredAt === null ? null : new Date(socket.answeredAt),
    };
  }

  #setAlarm(at: number): void {
    this.#alarm = at;
    clock.after(platform, at - Date.now(), () => {
      if (this.#alarm !== at) return;
      this.#alarm = 0;
      this.#later((machine) => machine.alarm());
    });
  }

  /** A turn as soon as this one is over, of the object as it is then: woken where it sleeps. */
  #later(run: (machine: MachineInstance) => void, of: Instance | null = null): void {
    const instance = of ?? this.#instance ?? this.#wake();
    clock.after(instance.owner, 0, () => run(instance.machine));
  }

  call(run: (machine: MachineInstance) => void): void {
    this.#later(run);
  }

  accept(path: string, done: (socket: SimulatedSocket | null) => void): void {
    this.#later((machine) => {
      const url = new URL(`https://object${path}`);
      url.searchParams.set("holder", JSON.stringify({ token: "tok_test", scopes: ["read"], ends: null }));
      const answer = machine.fetch({ url: url.href });
      const webSocket = answer.webSocket as SimulatedSocket | null;
      if (this.#inTurn !== null) this.#effects.unshift(() => done(webSocket));
    });
  }

  #holderOf(socket: SimulatedSocket): Instance | null {
    return this.#stale.find((one) => one.sockets.has(socket)) ?? null;
  }

  deliver(socket: SimulatedSocket, data: string | Uint8Array<ArrayBuffer>): void {
    if (socket.readyState === 3) return;
    if (data === pingText) {
      socket.answeredAt = Date.now();
      if (socket.readyState === 1) socket.onMessage(pongText);
      return;
    }
    const message = typeof data === "string" ? data : copy(data);
    this.#later((machine) => {
      if (socket.readyState === 1) return machine.webSocketMessage(socket, message);
      const head = headOf(machine);
      machine.webSocketMessage(socket, message);
      if (headOf(machine) !== head) this.#events.onFault("a connection that was closed is still heard");
    }, this.#holderOf(socket));
  }

  hangUp(socket: SimulatedSocket): void {
    if (socket.readyState === 3) return;
    socket.readyState = 3;
    const holder = this.#holderOf(socket);
    this.#later((machine) => machine.webSocketClose(socket), holder);
    (holder ?? this.#instance)?.sockets.delete(socket);
    this.#asleep.delete(socket);
  }

  /** All memory is lost, the sockets stay. Only where no timer of the object runs, as on the platform. */
  evict(): void {
    const instance = this.#instance;
    if (instance === null || clock.isBusy(instance.owner)) return;
    instance.owner.isAlive = false;
    this.#asleep = instance.sockets;
    this.#instance = null;
  }

  /** The object and every socket are gone, and what the present turn wrote. */
  crash(): void {
    for (const instance of [this.#instance, ...this.#stale]) {
      if (instance === null) continue;
      instance.owner.isAlive = false;
      if (this.#inTurn === instance) this.#isKilled = true;
      for (const socket of instance.sockets) breakOff(socket);
    }
    for (const socket of this.#asleep) breakOff(socket);
    this.#asleep = new Set();
    this.#stale = [];
    this.#instance = null;
  }

  #stale: Instance[] = [];

  /** Another instance takes over; the one before it keeps its sockets and does not know. */
  replace(): void {
    const instance = this.#instance;
    if (instance === null) return;
    instance.isStale = true;
    this.#stale.push(instance);
    this.#instance = null;
    // The platform notices sooner or later.
    clock.after(platform, 8000, () => {
      instance.owner.isAlive = false;
      for (const socket of instance.sockets) breakOff(socket);
      this.#stale = this.#stale.filter((one) => one !== instance);
    });
  }

  backUp(): () => void {
    return this.#storage.backUp();
  }

  /** The runner's socket that was opened last. */
  get newestRunner(): SimulatedSocket | null {
    const sockets = [...(this.#instance?.sockets ?? this.#asleep)].filter((one) => one.tags.includes("runner"));
    return sockets.toSorted((one, other) => other.order - one.order)[0] ?? null;
  }

  close(): void {
    this.crash();
    this.#storage.close();
  }
}

const platform: Owner = { name: "platform", isAlive: true };

function breakOff(socket: SimulatedSocket): void {
  if (socket.readyState === 3) return;
  socket.readyState = 3;
  socket.onClose(1006, "");
}

/** What arrives is never the sender's own memory. */
function copy(data: Uint8Array<ArrayBuffer>): ArrayBuffer {
  if (data.byteLength > 2 * maxFrameBytes) throw new Error("a frame larger than any runner sends");
  return data.slice().buffer;
}
