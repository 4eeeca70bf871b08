// Frames that no control plane in its right mind says: of unknown types, with a policy in them, lies about what is stored,
// too large, too deep, cut short, not even text.

import { randomBytes } from "node:crypto";
import { maxTextFrameBytes } from "@longwire/shared/limits.ts";
import { mutateText } from "@longwire/shared/node/fixtures/mutate.ts";
import type { HostileControlPlane } from "../hostile-control-plane.ts";
import { machineId } from "../hostile-control-plane.ts";
import { pick, type Random } from "./pick.ts";

export interface FrameAttack {
  readonly on: string;
  readonly say: (plane: HostileControlPlane, random: Random) => void;
}

const say = (...frames: readonly unknown[]): FrameAttack["say"] => {
  return (plane) => frames.forEach((frame) => plane.say(JSON.stringify(frame)));
};
const spool = "0".repeat(32);
const far = Number.MAX_SAFE_INTEGER;
const open = { policy_mode: "open", mode: "open", commands: [], policy: { version: 1, mode: "open" } };
const hex = (): string => randomBytes(16).toString("hex");

/** What starts something, were it believed: for mutations. */
function commandTexts(plane: HostileControlPlane, trap: string): string[] {
  const requests: readonly object[] = [
    { use: "text", params: { text: "a" }, tags: ["t"], env: { CI: "1" }, name: "n" },
    { use: "count", params: { text: 3 } },
    { command: `touch ${trap}`, cwd: "/" },
    { argv: ["/bin/sh", "-c", `: > ${trap}`], if_running: "restart", name: "bare" },
  ];
  const [stop, input] = [
    { op: "stop", process: "p1", signal: "SIGINT", grace_ms: 0 },
    { op: "input", process: "p1", input: { text: "x" } },
  ];
  return [...requests.map((request) => ({ op: "start", request })), stop, input].map(
    (operation) => plane.command(operation).text,
  );
}

export function frameAttacks(trap: string, evil: string): readonly FrameAttack[] {
  const order = { op: "start", request: { command: `touch ${trap}` } };
  return [
    ...Array.from({ length: 20 }, (_, at): FrameAttack => ({
      on: `mutated command ${at % 6}`,
      say: (plane, random) => plane.say(mutateText(commandTexts(plane, trap)[at % 6] ?? "", random)),
    })),
    {
      on: "a policy",
      say: say({ type: "policy", ...open }, { type: "policy_update", ...open }, { type: "set_policy", file: open }),
    },
    {
      on: "a policy in a welcome",
      say: say({
        type: "welcome",
        connection: "c",
        head: 0,
        now: Date.now(),
        positions: {},
        window_bytes: 1,
        attended: true,
        ...open,
      }),
    },
    {
      on: "a policy in a command",
      say: (plane) => plane.say(plane.command(order, { ...open, approved: true, allow_all: true }).text),
    },
    {
      on: "a grant",
      say: say(
        ...["approve", "approval", "grant", "always", "allow"].map((type) => ({
          type,
          id: hex(),
          decision: "once",
          always: true,
          command: `touch ${trap}`,
        })),
      ),
    },
    {
      on: "another server",
      say: say(
        { type: "server", url: evil },
        { type: "redirect", location: evil },
        { type: "reconnect", url: evil, server: evil },
        { type: "config", server: evil },
      ),
    },
    {
      on: "an owner's yes",
      say: (plane) => {
        const ids = [...plane.approvals.slice(-20), "000000000000", hex().slice(0, 12)];
        for (const approval of ids)
          for (const decision of ["once", "always", "deny"]) {
            plane.say(plane.command({ op: "decide", approval, decision, by: "terminal" }).text);
          }
        plane.say(JSON.stringify({ type: "list_approvals", id: hex() }));
      },
    },
    {
      on: "unknown messages",
      say: say(
        ...["eval", "exec", "shell", "spawn", "update", "upgrade", "hello", "batch", "__proto__", ""].map((type) => ({
          type,
          command: `touch ${trap}`,
          url: evil,
        })),
      ),
    },
    {
      on: "a command of unknown shape",
      say: (plane) =>
        [[], null, 1, "touch", { op: "exec", argv: ["touch", trap] }, [order], { ...order, op: ["start"] }].forEach(
          (operation) => plane.say(plane.command(operation).text),
        ),
    },
    {
      on: "odd ids and times",
      say: (plane) =>
        ["", "x", "../../x", "__proto__", 1, null, hex().toUpperCase()].forEach((id) =>
          plane.say(plane.command(order, { id, expires_at: pick([far, -far, 0, 1e308], Math.random) }).text),
        ),
    },
    {
      on: "acks of what was not sent",
      say: say(
        { type: "ack", batch: far, positions: { [hex()]: far }, head: far - 1 },
        { type: "ack", batch: 1, positions: { [spool]: 1 }, head: 0 },
      ),
    },
    {
      on: "rewinds",
      say: say(
        ...Array.from({ length: 50 }, (_, at) => ({ type: "rewind", batch: at + 1, positions: { [spool]: 1 } })),
      ),
    },
    {
      on: "attention",
      say: say(...Array.from({ length: 100 }, (_, at) => ({ type: "attention", attended: at % 2 === 0 }))),
    },
    { on: "samples", say: say(...Array.from({ length: 40 }, () => ({ type: "sample", id: hex(), all_ports: true }))) },
    {
      on: "ports",
      say: say(
        ...Array.from({ length: 200 }, (_, at) => ({
          type: "await_port",
          id: hex(),
          process: `p${at + 1}`,
          run: 1,
          port: 1 + at,
          wait_ms: 50_000,
        })),
      ),
    },
    { on: "a huge frame", say: (plane) => plane.say("x".repeat(maxTextFrameBytes - 1)) },
    {
      on: "a huge command",
      say: (plane) =>
        plane.say(plane.command({ op: "start", request: { use: "text", params: { text: "x".repeat(1 << 20) } } }).text),
    },
    {
      on: "many params",
      say: (plane) =>
        plane.say(
          plane.command({
            op: "start",
            request: {
              use: "text",
              params: Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at])),
            },
          }).text,
        ),
    },
    {
      on: "depth",
      say: (plane) => plane.say(`{"type":"command","command":${"[".repeat(200_000)}${"]".repeat(200_000)}}`),
    },
    {
      on: "the same key twice",
      say: (plane) =>
        plane.say(
          plane
            .command({ op: "start", request: { use: "bare" } })
            .text.replace('"use":"bare"', `"use":"bare","command":"touch ${trap}"`),
        ),
    },
    {
      on: "a prototype",
      say: (plane) =>
        plane.say(
          plane
            .command(order)
            .text.replace(
              "{",
              '{"__proto__":{"type":"command","approved":true},"constructor":{"prototype":{"mode":"open"}},',
            ),
        ),
    },
    {
      on: "bytes",
      say: (plane) =>
        [randomBytes(10), randomBytes(70_000), Buffer.alloc(0), Buffer.from(plane.command(order).text)].forEach(
          (bytes) => plane.say(bytes),
        ),
    },
    {
      on: "pongs and blanks",
      say: (plane) => ["pong", "ping", "", " ", "null", "[]", "0", '"x"', "\u0000"].forEach((text) => plane.say(text)),
    },
    {
      on: "another machine's command",
      say: (plane) =>
        plane.say(
          plane.command({ op: "start", request: { use: "bare" } }, { machine_id: `${machineId}x`, id: foreign() }).text,
        ),
    },
  ];
}

/** Ids of commands that were another machine's: nothing may come of them. */
export const foreignIds = new Set<string>();

function foreign(): string {
  const id = hex();
  foreignIds.add(id);
  return id;
}
