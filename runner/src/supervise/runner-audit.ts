// What the runner writes down of what it was asked and of what it did: every command before it is judged, what was
// decided, what was spawned, what it did not understand, and where the control plane's own audit stood each time that
// was told. A history of the control plane that goes back or changed is found by that.

import { conceal, describeOperation } from "@longwire/shared/audit/describe-operation.ts";
import { digestOf } from "@longwire/shared/audit/canonical.ts";
import { cutText, type Actor, type AuditDraft, type ChainHead } from "@longwire/shared/audit/entry.ts";
import { displayCommand } from "@longwire/shared/display-command.ts";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import { AuditFolder } from "./audit-folder.ts";
import type { Outcome } from "./outcome.ts";
import type { RunSecrets } from "../shim/run-secrets.ts";
import { Noise } from "./noise.ts";

const runner: Actor = { kind: "runner" };
const unknownAsker: Actor = { kind: "operator" };
const plane: Actor = { kind: "control_plane" };

/** Sets of unknown fields that are told apart. */
const maxIgnored = 100;

export interface RunnerAuditParts {
  readonly folder: string;
  readonly now: () => number;
  readonly log: (text: string) => void;
}

export class RunnerAudit {
  readonly #folder: AuditFolder;
  readonly #parts: RunnerAuditParts;
  /** What whoever speaks to the runner could fill the disk with is written down so often, and then counted. */
  readonly #noise: Noise;
  /** Commands under way, as their outcome's entry names them. */
  readonly #underWay = new Map<CommandId, Pick<AuditDraft, "act" | "target">>();
  readonly #ignored = new Set<string>();
  #isClosed = false;

  constructor(parts: RunnerAuditParts) {
    this.#parts = parts;
    this.#folder = new AuditFolder(parts.folder);
    this.#noise = new Noise(parts.now());
  }

  #write(draft: AuditDraft): void {
    if (!this.#isClosed) this.#folder.append(draft, this.#parts.now());
  }

  /** A link is up. `server`: where it leads. */
  connected(server: string, told: ChainHead | undefined): void {
    this.#judgeTold(told);
    this.#write({ actor: runner, act: "runner_connected", target: cutText(server), outcome: "done", ...telling(told) });
  }

  disconnected(server: string, reason: string): void {
    const what = { actor: runner, act: "runner_disconnected", target: cutText(server) } as const;
    this.#write({ ...what, outcome: "done", reason: cutText(reason) });
  }

  policyLoaded(mode: string, digest: string | undefined): void {
    const what = { actor: { kind: "owner" }, act: "policy_loaded", target: `mode ${mode}` } as const;
    this.#write({ ...what, outcome: "done", ...(digest === undefined ? {} : { digest }) });
  }

  /** A command came, and is about to be judged. */
  received(command: Command, told: ChainHead | undefined): void {
    this.#judgeTold(told);
    const { act, target, detail, digest } = describeOperation(command.operation);
    this.#underWay.set(command.id, { act, target });
    const { actor = unknownAsker, id } = command;
    const words = { ...(detail === undefined ? {} : { detail }), ...(digest === undefined ? {} : { digest }) };
    this.#write({ actor, act, target, outcome: "received", ...words, command_id: id, ...telling(told) });
  }

  /** A command came whose id was taken already: it is left alone. */
  replayed({ id, operation, actor = unknownAsker }: Command, why: string, told: ChainHead | undefined): void {
    this.#judgeTold(told);
    const { act, target, digest } = describeOperation(operation);
    const words = { reason: why, command_id: id, ...(digest === undefined ? {} : { digest }), ...telling(told) };
    this.#quietly({ actor, act, target, outcome: "replayed", ...words });
  }

  /** What became of a command. */
  settled(id: CommandId, { outcome, code, process, run }: Outcome): void {
    const { act, target } = this.#underWay.get(id) ?? { act: fallbackAct(process), target: "order" };
    this.#underWay.delete(id);
    const of = process === undefined ? target : run === undefined ? process : `${process}.${run}`;
    const reason = code === undefined ? {} : { reason: code };
    const word = code === "runner_timeout" ? "expired" : outcome === "done" ? "done" : "refused";
    this.#write({ actor: runner, act, target: of, outcome: word, ...reason, command_id: id });
  }

  /** A run is about to be spawned: on the medium before it is. */
  spawning({ process, run, command_id, label, shown = label }: RunSpec, { environment, input }: RunSecrets): void {
    const { command, argv, cwd } = label;
    const names = Object.keys(environment).sort();
    const digest = digestOf({ command, argv, cwd, env: names, stdin: input?.length });
    const detail = cutText(`${conceal(displayCommand(shown))} (in ${shown.cwd})`);
    const what = { actor: runner, act: "spawn", target: `${process}.${run}`, detail } as const;
    const named = label.use === undefined ? {} : { reason: cutText(`use ${label.use}`) };
    this.#write({ ...what, outcome: "allowed", ...named, command_id, digest });
    this.#sync();
  }

  /** The run's first process is there. */
  spawned(process: ProcessId, run: number, command_id: CommandId, pid: number | null): void {
    const detail = pid === null ? "no process" : `pid ${pid}`;
    const outcome = pid === null ? "refused" : "done";
    this.#write({ actor: runner, act: "spawn", target: `${process}.${run}`, outcome, detail, command_id });
  }

  /** A message that is not understood, or asks for what no message may: nothing comes of it. Whether it was written down. */
  refusedMessage(target: string, why: string, message: string): boolean {
    const what = { actor: plane, act: "message", target: cutText(target), outcome: "refused" } as const;
    return this.#quietly({ ...what, reason: cutText(why), detail: cutText(conceal(message)) });
  }

  /** Fields of a frame that counted for nothing; said once for the same ones. */
  ignoredFields(type: string, fields: readonly string[]): void {
    const named = cutText(`ignored: ${fields.join(", ")}`);
    const key = `${type} ${named}`;
    if (this.#ignored.has(key) || this.#ignored.size >= maxIgnored) return;
    this.#ignored.add(key);
    this.#write({ actor: plane, act: "message", target: type, outcome: "refused", reason: named });
  }

  #quietly(draft: AuditDraft): boolean {
    const { isLoud, passedOver } = this.#noise.hear(this.#parts.now());
    if (passedOver > 0) {
      const reason = `${passedOver} more were not written down`;
      this.#write({ actor: plane, act: "message", target: "noise", outcome: "refused", reason });
    }
    if (isLoud) this.#write(draft);
    return isLoud;
  }

  /** Finds that what is told now does not go on from what was told before. */
  #judgeTold(told: ChainHead | undefined): void {
    const last = this.#folder.lastTold;
    if (told === undefined || last === null) return;
    if (told.n > last.n || (told.n === last.n && told.hash === last.hash)) return;
    const reason = `entry ${told.n} after entry ${last.n}${told.n === last.n ? ", and another one" : ""}`;
    this.#parts.log(`WARNING: the control plane's audit was changed or restored: it tells of ${reason}.`);
    this.#quietly({ actor: plane, act: "went_back", target: "audit", outcome: "refused", reason });
  }

  #sync(): void {
    try {
      this.#folder.sync();
    } catch (error) {
      this.#parts.log(`the audit could not be put on the medium: ${String(error)}`);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#folder.close();
  }
}

function telling(told: ChainHead | undefined): Pick<AuditDraft, "told"> {
  return told === undefined ? {} : { told };
}

/** An outcome of a command this runner was not asked: the run of an earlier one's start, or an order it did not understand. */
function fallbackAct(process: ProcessId | undefined): "start" | "message" {
  return process === undefined ? "message" : "start";
}
