// A terminal over a viewer's socket: what is typed, and what comes back.

import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { outputOf } from "../support/api.ts";
import { useProduct } from "../support/use-product.ts";
import { ViewerSocket } from "../support/viewer-socket.ts";

const on = useProduct();
const windowBytes = 1024 * 1024;

const actedOf = (viewer: ViewerSocket): { n: number; code?: string | undefined }[] =>
  viewer.controls.flatMap((frame) => (frame.type === "acted" ? [{ n: frame.n, code: frame.code }] : []));

test("[P47] [P20] a thousand keys typed at once, one a frame, come in their order", async () => {
  const { process_id: id } = await on.api.start({ command: "stty raw -echo; echo up; head -c 1000", tty: true });
  await on.api.call("GET", `/processes/${id}/wait?until=match&pattern=^up$`);
  const viewer = await ViewerSocket.open(on.product.ready, windowBytes);
  const text = Array.from({ length: 1000 }, (_, at) => String.fromCharCode(97 + (at % 26))).join("");
  for (let n = 0; n < text.length; n++) {
    viewer.say({ type: "input", n, process: id, input: { text: text[n], enter: false, close: false } });
    if (n % 200 === 199) await waitUntil("they are answered", () => actedOf(viewer).length > n);
  }
  await on.api.ended(id);
  const events = await on.api.events(0, `&process=${id}`);
  expect(
    outputOf(events, id)
      .toString()
      .replace(/^up\s+/, ""),
  ).toBe(text);
  expect(actedOf(viewer)).toEqual(Array.from({ length: 1000 }, (_, n) => ({ n, code: undefined })));
  const typed = events.flatMap((event) => (event.type === "input" ? [event.bytes ?? 0] : []));
  expect(typed.reduce((sum, bytes) => sum + bytes, 0)).toBe(1000);
  viewer.close();
});

test("[P47] a terminal is resized and interrupted over the socket, and what cannot be done is told", async () => {
  const shell = { command: "sh -i", tty: true, env: { PS1: "ready " }, name: "shell" };
  const { process_id: id } = await on.api.startUntil("until=match&pattern=^ready%20$", shell);
  const viewer = await ViewerSocket.open(on.product.ready, windowBytes);
  const seen = (): string => Buffer.concat(viewer.events.flatMap(({ payload }) => payload ?? [])).toString();
  viewer.say({ type: "subscribe", id: 1, process: id });
  viewer.say({ type: "resize", n: 1, process: "shell", size: { cols: 101, rows: 33 } });
  viewer.say({
    type: "input",
    n: 2,
    process: "shell",
    input: { text: "stty size; sleep 1000", enter: true, close: false },
  });
  await waitUntil("it prints its size", () => seen().includes("33 101\r\n"));
  viewer.say({ type: "interrupt", n: 3, process: "shell" });
  await waitUntil("it is interrupted", () => seen().includes("^C"));
  viewer.say({ type: "input", n: 4, process: "shell", input: { keys: ["Ctrl-D"], enter: false, close: false } });
  await on.api.ended(id);
  viewer.say({ type: "input", n: 5, process: "shell", input: { text: "x", enter: false, close: false } });
  const pipe = await on.api.start({ command: "exec sleep 1000", name: "pipe" });
  viewer.say({ type: "resize", n: 6, process: "pipe", size: { cols: 80, rows: 24 } });
  viewer.say({ type: "interrupt", n: 7, process: "pipe" });
  expect(await on.api.ended(pipe.process_id)).toMatchObject({ signal: "SIGINT", reason: "signal" });
  await waitUntil("all are answered", () => actedOf(viewer).length === 7);
  const codes = new Map(actedOf(viewer).map(({ n, code }) => [n, code]));
  expect([1, 2, 3, 4, 7].map((n) => codes.get(n))).toEqual(Array.from({ length: 5 }));
  expect([codes.get(5), codes.get(6)]).toEqual(["process_ended", "invalid_request"]);
  viewer.close();
});
