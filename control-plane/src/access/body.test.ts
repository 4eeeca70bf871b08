import { expect, test } from "vitest";
import { maxBodyBytes } from "@longwire/shared/limits.ts";
import { readText } from "./body.ts";

/** A request whose body comes in pieces of a length nobody told. */
function streamed(
  pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
  onCancel = () => {},
): Request {
  const body = new ReadableStream<Uint8Array>({ pull, cancel: onCancel });
  return new Request("http://a/", { method: "POST", body, duplex: "half" } as RequestInit);
}

test("[T30] a body that never ends is given up when it is too large, however it is sent", async () => {
  let pieces = 0;
  let isGivenUp = false;
  const endless = streamed(
    (controller) => {
      pieces += 1;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
    () => {
      isGivenUp = true;
    },
  );
  expect(await readText(endless)).toMatchObject({ ok: false, refusal: { code: "payload_too_large" } });
  expect(isGivenUp).toBe(true);
  expect(pieces * 64 * 1024).toBeLessThan(2 * maxBodyBytes);
});

test("[T30] a body that does not come to its end in time is given up", async () => {
  const slow = streamed(() => new Promise(() => {}) as never);
  expect(await readText(slow, { withinMs: 5 })).toMatchObject({ ok: false, refusal: { code: "request_timeout" } });
});

test("[T30] a compressed body is refused unread, and one that says it is not is taken", async () => {
  for (const coding of ["gzip", "br", "deflate", "gzip, identity", "x"]) {
    const request = new Request("http://a/", { method: "POST", headers: { "Content-Encoding": coding }, body: "{}" });
    expect(await readText(request)).toMatchObject({ ok: false, refusal: { code: "unsupported_media_type" } });
    expect(request.bodyUsed).toBe(false);
  }
  const plain = new Request("http://a/", { method: "POST", headers: { "Content-Encoding": "Identity" }, body: "{}" });
  expect(await readText(plain)).toEqual({ ok: true, value: "{}" });
});
