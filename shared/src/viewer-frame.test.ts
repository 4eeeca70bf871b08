import fc from "fast-check";
import { expect, test } from "vitest";
import { joinFrame } from "./frame.ts";
import { maxFrameBytes } from "./limits.ts";
import { readViewerFrame, type ViewerEvent } from "./read-viewer-frame.ts";
import { EventsHeader, textForFrame, type SizedEvent } from "./viewer-frame.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const read = (message: string | Uint8Array) => readViewerFrame(message, (bytes) => decoder.decode(bytes));

function frame(subscription: number, events: readonly (readonly [SizedEvent, Uint8Array?])[]): Uint8Array {
  const header = new EventsHeader(subscription);
  for (const [event] of events) header.add(textForFrame(event));
  const text = encoder.encode(header.toString());
  expect(text.byteLength).toBeLessThanOrEqual(header.bytes);
  return joinFrame(
    text,
    events.flatMap(([, bytes]) => bytes ?? []),
  );
}

const raw = (header: unknown, payload = new Uint8Array()): Uint8Array =>
  joinFrame(encoder.encode(JSON.stringify(header)), [payload]);

const timestamp = "2026-11-21T12:00:00.000Z";
const every = new Uint8Array(256).map((_, byte) => byte);
const web = { process_id: "p1", name: "wéb", run: 2, command: "npm run dev" };

test("[R14] a frame's events are the public ones, with their bytes, and name each run once", () => {
  const events = [
    [{ seq: 4, type: "started", timestamp, ...web, pid: 7 }],
    [{ seq: 5, type: "output", timestamp, ...web, stream: "stdout", offset: 0, size: 256 }, every],
    [{ seq: 7, type: "output", timestamp, process_id: "p2", run: 1, command: "", stream: "tty", offset: 9, size: 0 }],
    [{ seq: 8, type: "command", timestamp, process_id: "p3", command_id: "c", outcome: "done" }],
    [{ seq: 9, type: "gap", timestamp, from_seq: 1, to_seq: 2, reason: "restored" }],
  ] as const;
  const bytes = frame(3, events);
  const { size: _, ...output } = events[1][0];
  const { size: __, ...empty } = events[2][0];
  expect(read(bytes)).toEqual({
    type: "events",
    subscription: 3,
    events: [
      events[0][0],
      { ...output, payload: every },
      { ...empty, payload: new Uint8Array() },
      events[3][0],
      events[4][0],
    ],
  });
  expect(decoder.decode(bytes).split("npm run dev")).toHaveLength(2);
});

test("[R14] whatever is printed comes out of a frame as it went in", () => {
  const odd = fc.constantFrom("a", '"', "\\", "\n", "\u007f", "é", "€", "😀", "\ud800");
  const piece = fc.tuple(fc.uint8Array({ maxLength: 10 }), fc.nat(3), fc.array(odd, { maxLength: 4 }));
  const pieces = fc.array(piece, { maxLength: 5 });
  fc.assert(
    fc.property(pieces, (all) => {
      const events = all.map(([bytes, process, characters], at): [SizedEvent, Uint8Array] => {
        const of = { process_id: `p${process}`, run: 1, command: characters.join("") };
        return [
          { seq: at + 1, type: "output", timestamp, ...of, stream: "stdout", offset: 0, size: bytes.length },
          bytes,
        ];
      });
      const decoded = read(frame(1, events));
      const plain = (
        { seq, process_id, command }: SizedEvent | ViewerEvent,
        bytes: Uint8Array | undefined,
      ): unknown => [seq, process_id, command, [...(bytes ?? [])]];
      return (
        decoded?.type === "events" &&
        JSON.stringify(decoded.events.map((event) => plain(event, event.payload))) ===
          JSON.stringify(events.map(([event, bytes]) => plain(event, bytes)))
      );
    }),
    { numRuns: 50 },
  );
});

test("[R14] a line of 100 bytes costs no more header than a line and a half", () => {
  const header = new EventsHeader(1);
  for (let seq = 1_000_000; seq < 1_001_000; seq++) {
    const of = { ...web, command: "c".repeat(2000), stream: "stdout" as const, offset: seq * 100, size: 100 };
    header.add(textForFrame({ seq, type: "output", timestamp, ...of }));
  }
  expect(encoder.encode(header.toString()).byteLength / 1000).toBeLessThan(150);
});

const event = { seq: 1, of: 0, type: "output", timestamp, stream: "stdout", offset: 0, size: 2 };
const good = { type: "events", subscription: 1, runs: [{ process_id: "p1", run: 1, command: "" }], events: [event] };
const two = new Uint8Array(2);

test("[R14] control frames are read as they are, without fields the reader does not know", () => {
  for (const control of [
    { type: "subscribed", id: 1, head: 0, earliest: 1 },
    { type: "refused", id: 1, code: "invalid_request", detail: "no" },
    { type: "expired", subscription: 1, from_seq: 1, to_seq: 2 },
    { type: "status", online: true, last_seen_at: null, head: 9 },
  ]) {
    expect(read(JSON.stringify({ ...control, later: 1 }))).toEqual(control);
  }
  expect(read(raw({ ...good, later: 1, events: [{ ...event, later: 1 }] }, two))).toEqual(read(raw(good, two)));
});

test.for<[string, string | Uint8Array]>([
  ["no JSON", "x"],
  ["an unknown kind of text", '{"type":"metrics"}'],
  ["a control frame with a wrong field", '{"type":"subscribed","id":0,"head":0,"earliest":1}'],
  ["nothing", new Uint8Array()],
  ["a header longer than the frame", new Uint8Array([9, 0, 0, 0, 1])],
  ["an unknown kind of frame", raw({ ...good, type: "metrics" }, two)],
  ["an event of no run it names", raw({ ...good, runs: [] }, two)],
  ["less payload than the sizes say", raw(good, two.subarray(1))],
  ["more payload than the sizes say", raw(good, new Uint8Array(3))],
  ["a negative size", raw({ ...good, events: [{ ...event, size: -2 }] })],
  ["a frame too large", raw(good, new Uint8Array(maxFrameBytes))],
])("[R14] %s is nothing", ([, message]) => {
  expect(read(message)).toBeNull();
});
