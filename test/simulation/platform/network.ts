// Connections to the object, as TCP has them: in order, late, cut at either end at its own time. In a tangle frames are
// also repeated, lost and overtaken by later ones, which TCP does not do: positions must hold against that as well.

import type { SimulatedSocket } from "./socket.ts";
import { clock, type Owner } from "./clock.ts";
import { between, chance, whole } from "./random.ts";

type Data = string | Uint8Array<ArrayBuffer>;

export interface ClientHandlers {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: (code: number, reason: string) => void;
}

/** The control plane as the network sees it. */
export interface Server {
  /** Null: refused, or out of order. */
  accept(path: string, done: (socket: SimulatedSocket | null) => void): void;
  deliver(socket: SimulatedSocket, data: Data): void;
  hangUp(socket: SimulatedSocket): void;
}

/** Present troubles. */
export interface Weather {
  latencyMs: number;
  refuses: boolean;
  swallows: boolean;
  repeats: number;
  overtakes: number;
  truncates: number;
}

const calm: Weather = { latencyMs: 10, refuses: false, swallows: false, repeats: 0, overtakes: 0, truncates: 0 };

class Network {
  weather: Weather = { ...calm };
  server: Server | null = null;
  connections = new Set<Connection>();
  /** Why runners gave links up. */
  redials: string[] = [];
  /** Told of all that leaves the object. */
  watch: (text: string) => void = () => {};

  reset(): void {
    this.weather = { ...calm };
    this.connections = new Set();
    this.redials = [];
  }

  noteRedial(reason: string): void {
    this.redials.push(reason);
  }

  connect(owner: Owner, path: string, handlers: ClientHandlers): Connection {
    const connection = new Connection(owner, handlers);
    this.connections.add(connection);
    connection.open(path);
    return connection;
  }
}

export const network = new Network();

const handshakeMs = 10_000;
const theNetwork: Owner = { name: "network", isAlive: true };

/** A copy of all or, in some weather, of the beginning: once they are acknowledged their memory is another frame's. */
function takeBytes(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return data.slice(0, chance(network.weather.truncates) ? whole(0, data.byteLength - 1) : data.byteLength);
}

/** When the last frame arrives: of all, of those in order, of those nothing overtakes. */
interface Arrivals {
  any: number;
  inOrder: number;
  barrier: number;
}

export class Connection {
  readonly owner: Owner;
  readonly #handlers: ClientHandlers;
  #socket: SimulatedSocket | null = null;
  /** Whether frames of it may be tangled: only the link's positions are made to hold against that. */
  #isLink = false;
  #isOpen = false;
  #isOver = false;
  /** Of the two directions. */
  readonly #lastAt: [Arrivals, Arrivals] = [
    { any: 0, inOrder: 0, barrier: 0 },
    { any: 0, inOrder: 0, barrier: 0 },
  ];
  /** Nothing that arrives later than this is delivered. */
  #cutAt = Infinity;

  constructor(owner: Owner, handlers: ClientHandlers) {
    this.owner = owner;
    this.#handlers = handlers;
  }

  open(path: string): void {
    this.#isLink = path === "/link";
    if (network.weather.refuses) return this.#end(1006, "refused", between(1, 30));
    clock.after(this.owner, handshakeMs, () => {
      if (!this.#isOpen) this.#closed(1006, "no handshake");
    });
    clock.after(theNetwork, this.#delay(), () => {
      if (this.#isOver) return;
      network.server?.accept(path, (socket) => {
        if (socket === null) return this.#end(1006, "not accepted", this.#delay());
        this.#socket = socket;
        socket.onMessage = (text) => {
          network.watch(text);
          this.#travel(1, () => this.#arrive(text), "data");
        };
        socket.onClose = (code, reason) => this.#travel(1, () => this.#closed(code, reason), "control");
        this.#travel(
          1,
          () => {
            this.#isOpen = true;
            this.#handlers.onOpen();
          },
          "control",
        );
      });
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  send(data: Data): boolean {
    if (!this.#isOpen || this.#isOver) return false;
    const sent = typeof data === "string" ? data : takeBytes(data);
    const arrive = (): void => {
      if (this.#socket !== null) network.server?.deliver(this.#socket, sent);
    };
    this.#travel(0, arrive, this.#isLink && typeof data !== "string" ? "tangled" : "data");
    return true;
  }

  /** The client gives up; what it sent may still arrive. */
  leave(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hangUp(this.#delay());
    clock.after(this.owner, 0.1, () => this.#handlers.onClose(1001, reason));
  }

  /** The connection breaks: each end learns of it at a time of its own. */
  cut(): void {
    if (this.#isOver) return;
    this.#cutAt = Math.min(this.#cutAt, clock.now + between(0, 2) * network.weather.latencyMs);
    this.#hangUp(between(1, 3000));
    this.#end(1006, "", between(1, 3000));
  }

  /** The client is no more. */
  drop(): void {
    this.#isOver = true;
    this.#hangUp(between(1, 500));
  }

  #delay(): number {
    return between(0.2, 1) * network.weather.latencyMs;
  }

  #hangUp(delayMs: number): void {
    clock.after(theNetwork, Math.max(delayMs, this.#lastAt[0].any - clock.now), () => {
      network.connections.delete(this);
      if (this.#socket !== null) network.server?.hangUp(this.#socket);
    });
  }

  #end(code: number, reason: string, delayMs: number): void {
    clock.after(this.owner, delayMs, () => this.#closed(code, reason));
  }

  #closed(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hangUp(this.#delay());
    this.#handlers.onClose(code, reason);
  }

  #arrive(text: string): void {
    if (!this.#isOver) this.#handlers.onText(text);
  }

  /**
   * Brings a frame to the other end. `tangled`: batches, which a tangle touches; nothing
   * overtakes what is not. `control`: opening and closing, which nothing touches.
   */
  #travel(direction: 0 | 1, arrive: () => void, kind: "tangled" | "data" | "control"): void {
    const { weather } = network;
    // Half open: neither end hears anything any more, and none is told.
    if (weather.swallows && kind !== "control") this.#cutAt = Math.min(this.#cutAt, clock.now);
    // A viewer's own patience is not part of this.
    if (weather.swallows && !this.#isLink) this.cut();
    const isTangled = kind === "tangled";
    const copies = isTangled && chance(weather.repeats) ? 3 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const last = this.#lastAt[direction];
      // Up to eight of the usual distances behind its place.
      const isLate = isTangled && chance(weather.overtakes);
      const at = isLate
        ? Math.max(last.barrier, clock.now + whole(1, 8) * this.#delay())
        : Math.max(isTangled ? last.inOrder : last.any, clock.now + this.#delay());
      last.any = Math.max(last.any, at);
      if (!isLate) last.inOrder = at;
      if (!isTangled) last.barrier = at;
      clock.after(direction === 0 ? theNetwork : this.owner, at - clock.now, () => {
        if (at <= this.#cutAt) arrive();
      });
    }
  }
}
