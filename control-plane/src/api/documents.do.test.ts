import { expect, test } from "vitest";
import { call } from "../fixtures/new-workspace.ts";

const ask = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  await call("GET", path, null, undefined, headers);

test.for([
  ["/openapi.json", "application/json"],
  ["/docs", "text/html; charset=utf-8"],
  ["/llms.txt", "text/plain; charset=utf-8"],
] as const)(
  "[R47] %s is there without a token, may be kept, and is not sent again to who has it",
  async ([path, type]) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, type]);
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=300");
    expect((await answer.text()).length).toBeGreaterThan(1000);
    const etag = answer.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await ask(path, { "If-None-Match": known });
      expect([again.status, again.headers.get("ETag"), await again.text()]).toEqual([304, etag, ""]);
    }
    expect((await ask(path, { "If-None-Match": '"other"' })).status).toBe(200);
  },
);

test("[R47] only the page's own style is let in beside its text; every other answer lets in nothing", async () => {
  const policy = async (path: string): Promise<string | null> =>
    (await ask(path)).headers.get("Content-Security-Policy");
  expect(await policy("/docs")).toMatch(
    /^default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-[^' ]+'$/,
  );
  for (const path of ["/openapi.json", "/llms.txt", "/healthz", "/v1/machines"]) {
    expect(await policy(path)).toBe("default-src 'none'; frame-ancestors 'none'");
  }
  expect((await ask("/docs")).headers.get("X-Content-Type-Options")).toBe("nosniff");
});
