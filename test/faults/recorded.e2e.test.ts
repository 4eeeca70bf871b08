// What every version so far said, as it was recorded, against this version.

import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { Event } from "@longwire/shared/api/views.ts";
import { eventSchema } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { linkSubprotocol, objectFrameSchema, runnerFrameSchema } from "@longwire/shared/wire/link.ts";
import { Api } from "../support/api.ts";
import { root } from "../support/product.ts";
import type { LinkMessage } from "./link-message.ts";
import { enrollMachine } from "../support/simulated-runner.ts";
import { withProduct } from "./with-product.ts";

const recorded = path.join(root, "test/fixtures/recorded");
const versions = globSync("*", { cwd: recorded });
const read = <T>(version: string, name: string): T[] =>
  readFileSync(path.join(recorded, version, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);

test.for(versions)("[D9] F24: every recorded text frame and event is understood: version %s", (version) => {
  const messages = read<LinkMessage>(version, "link.jsonl");
  const kinds = new Set<string>();
  for (const { from, text } of messages) {
    if (text === undefined || text === "ping" || text === "pong") continue;
    const schema = from === "runner" ? runnerFrameSchema : objectFrameSchema;
    kinds.add(schema.parse(JSON.parse(text)).type);
  }
  expect([...kinds].sort()).toEqual(["ack", "command", "forget", "hello", "welcome"]);
  for (const event of read<Event>(version, "events.jsonl")) expect(eventSchema.parse(event)).toEqual(event);
});

test.for(versions)(
  "[D1] [D9] F24: a recorded session makes the same log in a new object: version %s",
  async (version) => {
    const messages = read<LinkMessage>(version, "link.jsonl");
    await withProduct(async ({ data, ready }) => {
      const key = readFileSync(path.join(data, "enroll-key"), "utf8");
      const machine = await enrollMachine(ready.url, key, "recorded");
      const headers = { Authorization: `Bearer ${machine.machine_token}` };
      const socket = new WebSocket(`${ready.url.replace(/^http/, "ws")}/v1/link`, linkSubprotocol, { headers });
      const acks: unknown[] = [];
      socket.on("message", (bytes) => {
        const frame = objectFrameSchema.parse(JSON.parse((bytes as Buffer).toString()));
        if (frame.type === "ack" || frame.type === "rewind") acks.push(frame);
      });
      await new Promise((resolve) => socket.once("open", resolve));
      for (const { from, text, base64 } of messages) {
        if (from === "runner") socket.send(base64 === undefined ? (text ?? "") : Buffer.from(base64, "base64"));
      }
      const expected = messages.flatMap(({ from, text }) => {
        const frame =
          from === "object" && text?.startsWith("{") === true ? objectFrameSchema.parse(JSON.parse(text)) : null;
        return frame?.type === "ack" ? [frame] : [];
      });
      await waitUntil("all is acknowledged", () => acks.length >= expected.length);
      expect(acks).toEqual(expected);
      const api = new Api({ url: ready.url, token: machine.admin_token });
      expect(await api.events()).toEqual(read<Event>(version, "events.jsonl"));
      socket.close();
    });
  },
);
