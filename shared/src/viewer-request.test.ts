import { expect, test } from "vitest";
import { filterOf, readViewerRequest } from "./viewer-request.ts";

const all = { type: "subscribe", id: 3, after: 7, process: "web", tag: "frontend", event_type: "output" } as const;

test("[R15] a subscription's filter has the names of the HTTP query, but for the event's type", () => {
  expect(readViewerRequest(JSON.stringify(all))).toEqual(all);
  expect(filterOf(all)).toEqual({ process: "web", tag: "frontend", type: "output" });
  expect(filterOf({ type: "subscribe", id: 1 })).toEqual({});
});

test.for([
  { type: "subscribe", id: 1 },
  { type: "subscribe", id: 1, process: "web", output_after: "2.20481", mode: "latest" },
  { type: "unsubscribe", id: Number.MAX_SAFE_INTEGER },
  { type: "credit", bytes: 1 },
  { type: "attention", watching: false },
])("[R15] %j is understood", (request) => {
  expect(readViewerRequest(JSON.stringify(request))).toEqual(request);
});

test.for([
  "hello",
  "{}",
  '{"ack":1}',
  '{"type":"input"}',
  '{"type":"subscribe"}',
  '{"type":"subscribe","id":0}',
  '{"type":"subscribe","id":1.5}',
  '{"type":"subscribe","id":1,"after":-1}',
  '{"type":"subscribe","id":1,"procss":"web"}',
  `{"type":"subscribe","id":1,"process":"${"x".repeat(65)}"}`,
  '{"type":"subscribe","id":1,"mode":"newest"}',
  '{"type":"subscribe","id":1,"output_after":"20481"}',
  '{"type":"unsubscribe","id":"1"}',
  '{"type":"credit","bytes":0}',
  '{"type":"credit","bytes":1e99}',
  '{"type":"attention","watching":1}',
])("[R15] %s is not understood, and why fits a close frame", (text) => {
  const { type, ...rest } = readViewerRequest(text);
  expect(type).toBe("wrong");
  expect(JSON.stringify(rest).length).toBeLessThan(123);
});
