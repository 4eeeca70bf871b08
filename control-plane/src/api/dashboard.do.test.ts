import { expect, test } from "vitest";
import { call } from "../fixtures/new-workspace.ts";

const ask = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  await call("GET", path, null, undefined, headers);

test("[B1] the page is the same for everybody, is not kept, and lets in this origin's own files alone", async () => {
  const page = await ask("/");
  const html = await page.text();
  expect([page.status, page.headers.get("Content-Type")]).toEqual([200, "text/html; charset=utf-8"]);
  const policy = (page.headers.get("Content-Security-Policy") ?? "").split("; ");
  const own = ["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "manifest-src 'self'"];
  const nothing = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"];
  const inert = ["require-trusted-types-for 'script'", "trusted-types 'none'"];
  expect(policy.toSorted()).toEqual([...own, ...nothing, ...inert].toSorted());
  expect(page.headers.get("Cross-Origin-Opener-Policy")).toBe("same-origin");
  expect(page.headers.get("Referrer-Policy")).toBe("no-referrer");
  expect(page.headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(page.headers.get("Cache-Control")).toBe("no-store");
  expect(html).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|https?:/);
  expect(await (await ask("/?server=https://evil.example", { Authorization: "Bearer nothing" })).text()).toBe(html);
});

test("[B1] every file the page names is there, of its own type, and may be kept for good", async () => {
  const html = await (await ask("/")).text();
  const named = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
  expect(named.map((path) => path.replace(/^.*\./, "")).toSorted()).toEqual(["css", "js", "svg"]);
  for (const path of named) {
    const file = await ask(path);
    expect([path, file.status]).toEqual([path, 200]);
    expect(file.headers.get("Content-Type")).toMatch(/^(text\/(javascript|css); charset=utf-8|image\/svg\+xml)$/);
    expect(file.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(file.headers.get("Content-Security-Policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
  for (const odd of ["nothing.js", "..%2Findex.html", "index.html", "%00.js", "x.map", ".js"]) {
    expect([odd, (await ask(`/assets/${odd}`)).status]).toEqual([odd, 404]);
  }
});
