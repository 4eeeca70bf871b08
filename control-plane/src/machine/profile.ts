// Who the machine is: what enrolling said, what its runner last said of itself, when it was last seen.

import * as z from "zod";
import { namedCommandSchema } from "@longwire/shared/api/named-commands.ts";
import type { Machine } from "@longwire/shared/api/views.ts";
import { policyModes } from "@longwire/shared/policy-modes.ts";
import { capabilitiesSchema, type Hello, type PolicyFrame } from "@longwire/shared/wire/link.ts";
import { readMeta, writeMeta } from "./schema.ts";

const profileSchema = z.object({
  machine_id: z.string(),
  name: z.string(),
  os: z.string(),
  arch: z.string(),
  runner_version: z.string(),
  policy_mode: z.enum(policyModes).nullable(),
  /** Of the owner's file as a whole, as the runner says. */
  policy_digest: z.string().optional(),
  commands: z.array(namedCommandSchema).default([]),
  capabilities: capabilitiesSchema.nullable(),
});
type Stored = z.infer<typeof profileSchema>;

/** What enrolling knows. */
export type MachineProfile = Omit<Stored, "policy_mode" | "policy_digest" | "commands" | "capabilities">;

const key = "profile";
const seenKey = "last_seen_at";

export class Profile {
  readonly #sql: SqlStorage;
  #stored: Stored | null;
  #seenAt: number | null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const text = readMeta(sql, key);
    this.#stored = text === undefined ? null : profileSchema.parse(JSON.parse(text));
    const seen = readMeta(sql, seenKey);
    this.#seenAt = seen === undefined ? null : Number(seen);
  }

  /** Whether the machine was enrolled, and is not removed. */
  get isThere(): boolean {
    return this.#stored !== null;
  }

  /** The machine is removed. What is written of it goes with everything else. */
  forget(): void {
    this.#stored = null;
  }

  get machineId(): string {
    return this.#stored?.machine_id ?? "";
  }

  get name(): string {
    return this.#stored?.name ?? "";
  }

  #write(stored: Stored): void {
    const text = JSON.stringify(stored);
    if (text !== JSON.stringify(this.#stored)) writeMeta(this.#sql, key, text);
    this.#stored = stored;
  }

  create(profile: MachineProfile): void {
    this.#write({ ...profile, policy_mode: null, commands: [], capabilities: null });
  }

  /** Takes over what the runner says of itself, and writes only what changed; whether the policy did. */
  update(hello: Hello): boolean {
    const stored = this.#stored;
    if (stored === null) return false;
    const { os, arch, runner_version, capabilities } = hello;
    this.#write({ ...stored, os, arch, runner_version, ...policyOf(hello), capabilities });
    return isOtherPolicy(stored, hello);
  }

  /** Takes over a policy that changed while the runner is connected; whether it is another one. */
  updatePolicy(frame: PolicyFrame): boolean {
    const stored = this.#stored;
    if (stored === null) return false;
    this.#write({ ...stored, ...policyOf(frame) });
    return isOtherPolicy(stored, frame);
  }

  /** The runner went away at `now`. */
  leave(now: number): void {
    this.#seenAt = now;
    writeMeta(this.#sql, seenKey, String(now));
  }

  present(online: boolean, now: number): Omit<Machine, "counts" | "head"> {
    if (this.#stored === null) throw new Error("a machine is asked for before it was enrolled");
    const { policy_digest: _, ...stored } = this.#stored;
    const seenAt = online ? now : this.#seenAt;
    return {
      ...stored,
      online,
      last_seen_at: seenAt === null ? null : new Date(seenAt).toISOString(),
      capabilities: stored.capabilities ?? {},
    };
  }
}

type Policy = Pick<Stored, "policy_mode" | "policy_digest" | "commands">;

const policyOf = ({ policy_mode, policy_digest, commands }: PolicyFrame | Hello): Policy => {
  return { policy_mode, policy_digest, commands };
};

function isOtherPolicy(stored: Policy, told: PolicyFrame | Hello): boolean {
  const { policy_mode, policy_digest, commands } = told;
  if (stored.policy_mode !== policy_mode || stored.policy_digest !== policy_digest) return true;
  return JSON.stringify(stored.commands) !== JSON.stringify(commands);
}
