import { expect, test } from "vitest";
import { parseWebhookOptions } from "./webhook-options.ts";

const requestOf = (...args: string[]): unknown => {
  const parsed = parseWebhookOptions(["create", ...args]);
  if (!parsed.ok) return parsed.message;
  return parsed.value.command === "create" ? parsed.value.request : parsed.value.command;
};

test("[T28] webhook create takes an address, events and what narrows them", () => {
  const url = "https://example.com/";
  const narrow = ["--process", "web", "--tag", "ci", "--machine", "a", "--machine", "b", "--name", "n"];
  expect(requestOf(url, "--on", "exited, match", "--pattern", "E", ...narrow)).toEqual({
    ...{ url, events: ["exited", "match"], pattern: "E", process: "web", tag: "ci", machines: ["a", "b"], name: "n" },
  });
  expect(requestOf(url, "--on", "ready")).toMatchObject({ url, events: ["ready"] });
});

test.for([
  { args: ["--on", "exited"], says: "one address" },
  { args: ["https://a.example/", "https://b.example/", "--on", "exited"], says: "one address" },
  { args: ["https://a.example/"], says: "--on takes" },
  { args: ["https://a.example/", "--on", "started"], says: "--on takes" },
  { args: ["https://a.example/", "--on", "match"], says: "--pattern" },
  { args: ["https://a.example/", "--on", "ready", "--pattern", "x"], says: "--pattern" },
  { args: ["https://a.example/", "--on", "ready", "--odd"], says: "--odd" },
])("[T28] webhook create $args is refused", ({ args, says }) => {
  expect(requestOf(...args)).toContain(says);
});

test("[T28] webhook delete takes one id", () => {
  expect(parseWebhookOptions(["delete"])).toMatchObject({ ok: false });
  expect(parseWebhookOptions(["delete", "whk_1", "--json"])).toMatchObject({
    value: { command: "delete", id: "whk_1", json: true },
  });
  expect(parseWebhookOptions(["list", "x"])).toMatchObject({ ok: false });
});
