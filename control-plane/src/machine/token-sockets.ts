// The end of a token closes what is open with it, also where the object slept: its id and its end are in the tags of
// every socket. A token that was revoked is remembered for a while, since a Worker may still think well of it.

import { closeCodes } from "@longwire/shared/errors.ts";
import { revokedMemoryMs } from "@longwire/shared/limits.ts";
import { holderIn, tokenTag, type Holder } from "../sockets/holder.ts";
import type { OneAlarm } from "../one-alarm.ts";

export interface TokenSocketsParts {
  readonly context: DurableObjectState;
  readonly alarm: OneAlarm;
  /** After a socket was closed here. */
  readonly onClosed: (socket: WebSocket) => void;
}

export class TokenSockets {
  readonly #parts: TokenSocketsParts;
  readonly #sql: SqlStorage;
  /** When the first token of an open socket ends. */
  #nextEnd = Infinity;

  constructor(parts: TokenSocketsParts) {
    this.#parts = parts;
    this.#sql = parts.context.storage.sql;
    for (const socket of parts.context.getWebSockets()) this.#nextEnd = Math.min(this.#nextEnd, endOf(parts, socket));
    if (this.#nextEnd !== Infinity) parts.alarm.resume(this.#nextEnd);
  }

  /** Whether nothing may be opened with this token any more. */
  hasEnded({ token, ends }: Holder, now: number): boolean {
    if (ends !== null && ends <= now) return true;
    return this.#sql.exec(`SELECT 1 FROM revoked WHERE token = ?`, token).toArray().length > 0;
  }

  /** After a socket was opened. */
  opened({ ends }: Holder): void {
    if (ends === null) return;
    this.#nextEnd = Math.min(this.#nextEnd, ends);
    this.#parts.alarm.wakeAt(ends);
  }

  /** Closes what is open with these tokens, and lets nothing be opened with them. */
  revoke(tokens: readonly string[], now: number): void {
    this.#sql.exec(`DELETE FROM revoked WHERE at < ?`, now - revokedMemoryMs);
    for (const token of tokens) {
      this.#sql.exec(`INSERT OR IGNORE INTO revoked (token, at) VALUES (?, ?)`, token, now);
      for (const socket of this.#parts.context.getWebSockets(tokenTag(token)))
        this.#close(socket, "the token is revoked");
    }
  }

  /** Closes what is open with tokens that have ended. Costs nothing until the first one does. */
  closeEnded(now: number): void {
    if (now < this.#nextEnd) return;
    this.#nextEnd = Infinity;
    for (const socket of this.#parts.context.getWebSockets()) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      const end = endOf(this.#parts, socket);
      if (end <= now) this.#close(socket, "the token has ended");
      else this.#nextEnd = Math.min(this.#nextEnd, end);
    }
    this.wakeAgain();
  }

  /** Asks for the alarm again, after it fired. */
  wakeAgain(): void {
    if (this.#nextEnd !== Infinity) this.#parts.alarm.wakeAt(this.#nextEnd);
  }

  /** Closes every socket of the machine. */
  closeAll(reason: string): void {
    for (const socket of this.#parts.context.getWebSockets()) this.#close(socket, reason);
  }

  #close(socket: WebSocket, reason: string): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.close(closeCodes.unauthorized, reason);
    this.#parts.onClosed(socket);
  }
}

function endOf({ context }: TokenSocketsParts, socket: WebSocket): number {
  return socket.readyState === WebSocket.OPEN ? (holderIn(context.getTags(socket)).ends ?? Infinity) : Infinity;
}
