// What a control plane can do to the connection itself: break its framing, hang up, answer the next dial with something
// else than a link, and begin one badly.

import { randomBytes } from "node:crypto";
import { maxTextFrameBytes } from "@longwire/shared/limits.ts";
import type { Answer, HostileControlPlane } from "../hostile-control-plane.ts";
import type { Random } from "./pick.ts";

export interface LinkAttack {
  readonly on: string;
  /** The connection ends by it, or is to be ended after it. */
  readonly attack: (plane: HostileControlPlane, random: Random) => void;
}

const reply = (head: string, body = ""): Answer => {
  return (_request, socket) =>
    void socket.end(`HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
};
const answered = (...answers: readonly Answer[]): LinkAttack["attack"] => {
  return (plane) => {
    plane.answers.push(...answers);
    plane.hangUp();
  };
};
const begun = (welcome: object, ...before: readonly string[]): LinkAttack["attack"] => {
  return (plane) => {
    plane.welcome = welcome;
    plane.beforeWelcome = before;
    plane.hangUp();
  };
};
const bytes = (...said: readonly Buffer[]): LinkAttack["attack"] => {
  return (plane) => said.forEach((one) => plane.sayBytes(one));
};
const far = Number.MAX_SAFE_INTEGER;

/** Frames of RFC 6455 that must not be: reserved bits and opcodes, a masked server, a length that lies. */
const unframed: readonly Buffer[] = [
  ...[
    Buffer.from([0xc1, 0x05, 1, 2, 3, 4, 5]),
    Buffer.from([0x83, 0x00]),
    Buffer.from([0x81, 0x85, 0, 0, 0, 0, 1, 2, 3, 4, 5]),
  ],
  ...[
    Buffer.from([0x89, 0x7e, 0xff, 0xff]),
    Buffer.from([0x80, 0x00]),
    Buffer.from([0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  ],
  Buffer.concat([Buffer.from([0x01, 0x7f, 0, 0, 0, 1, 0, 0, 0, 0]), Buffer.alloc(1 << 20, 0x61)]),
];

export function linkAttacks(evil: string, order: (plane: HostileControlPlane) => string): readonly LinkAttack[] {
  const location = (status: string): Answer => reply(`${status}\r\nLocation: ${evil}`);
  return [
    {
      on: "redirects",
      attack: answered(location("301 Moved Permanently"), location("302 Found"), location("307 Temporary Redirect")),
    },
    { on: "a redirect of another scheme", attack: answered(reply("302 Found\r\nLocation: file:///etc/passwd")) },
    {
      on: "a page",
      attack: answered(reply("200 OK\r\nContent-Type: text/html", `<meta http-equiv=refresh content="0;url=${evil}">`)),
    },
    {
      on: "no link",
      attack: answered(
        reply("426 Upgrade Required\r\nUpgrade: h2c"),
        reply("101 Switching Protocols\r\nUpgrade: websocket"),
      ),
    },
    {
      on: "another subprotocol",
      attack: answered(
        reply(
          `101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: ${evil}`,
        ),
      ),
    },
    {
      on: "an endless head",
      attack: answered((_request, socket) => void socket.end(`HTTP/1.1 200 OK\r\n${"X-A: b\r\n".repeat(20_000)}\r\n`)),
    },
    {
      on: "frames that are none",
      attack: (plane, random) =>
        bytes(unframed[Math.floor(random() * unframed.length)] ?? Buffer.alloc(0))(plane, random),
    },
    { on: "a frame over the bound", attack: (plane) => plane.say("x".repeat(maxTextFrameBytes + 1)) },
    { on: "noise", attack: bytes(randomBytes(5000)) },
    { on: "hanging up", attack: (plane) => plane.hangUp() },
    {
      on: "a command before the welcome",
      attack: (plane) =>
        begun({}, order(plane), JSON.stringify({ type: "attention", attended: true }))(plane, Math.random),
    },
    { on: "a window of nothing", attack: begun({ window_bytes: 1 }) },
    { on: "a window without end", attack: begun({ window_bytes: far }) },
    { on: "another time", attack: begun({ now: -far, head: far - 1 }) },
    {
      on: "positions beyond all",
      attack: begun({
        positions: Object.fromEntries(Array.from({ length: 5000 }, () => [randomBytes(16).toString("hex"), far])),
      }),
    },
    {
      on: "runs that never were",
      attack: begun({
        unnamed_runs: Array.from({ length: 1000 }, (_, at) => ({ process: `p${1_000_000 + at}`, run: 1 })),
      }),
    },
    {
      on: "a thousand commands at once",
      attack: (plane) =>
        begun({
          commands: Array.from({ length: 200 }, () => (JSON.parse(order(plane)) as { command: unknown }).command),
        })(plane, Math.random),
    },
  ];
}
