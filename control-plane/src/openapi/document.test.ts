import { expect, test } from "vitest";
import { routeMatrix } from "../access/matrix.ts";
import { buildDocument, operations } from "./document.ts";
import { guide } from "./guide.ts";
import { renderPage } from "./page.ts";
import { pathOf } from "./parameters.ts";

const document = buildDocument();
const all = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })),
);

test("[R45] every route has an operation with what it needs, and every operation its route", () => {
  const rows = routeMatrix.map(({ method, path, needs }): [string, readonly string[]] => [
    `${method} ${pathOf(path)}`,
    needs === "open" ? [] : needs,
  ]);
  const documented = all.map(({ name, security }) => [name, security.flatMap(({ token = [] }) => token)] as const);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(rows));
  expect(documented.length).toBe(rows.length);
  expect(Object.keys(operations).toSorted()).toEqual(routeMatrix.map((row) => `${row.method} ${row.path}`).toSorted());
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
});

test("[R45] every parameter says what it is, and every reference leads somewhere", () => {
  const silent = all.flatMap(({ name, parameters = [] }) =>
    parameters.filter(({ description = "" }) => description === "").map((parameter) => `${name}: ${parameter.name}`),
  );
  expect(silent).toEqual([]);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(100);
  const missing = references.filter(([, kind = "", name = ""]) => document.components[kind]?.[name] === undefined);
  expect(missing.map(([text]) => text)).toEqual([]);
});

test("[R47] the page names every operation, and has no script and nothing to load", async () => {
  const { html, policy } = await renderPage(document);
  for (const { name, operationId } of all) {
    expect(html).toContain(`<article id="${operationId}"><h3><code>${name}</code>`);
  }
  expect(html).not.toMatch(/<script|<link|<img|\bon[a-z]+=|javascript:|https?:\/\//i);
  expect(policy).toMatch(/^default-src 'none';.* style-src 'sha256-[A-Za-z0-9+/]{43}='$/);
});

test("[R47] what stands in a description is text on the page", async () => {
  const info = { title: "<b>", description: '<script>alert(1)</script> & `"x"`' };
  const { html } = await renderPage({ ...document, info });
  expect(html).toContain("<h1>&lt;b&gt;: HTTP API</h1>");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; <code>&quot;x&quot;</code>");
});

test("[R48] the guide has less than 4 kB, and every call in it is one of the document's", () => {
  expect(new TextEncoder().encode(guide).byteLength).toBeLessThan(4000);
  const calls = [...guide.matchAll(/\b(GET|POST|DELETE) (\/[^\s?`]*)(\?\S+)?/g)];
  expect(calls.length).toBeGreaterThan(12);
  for (const [call, method = "", path = "", query = ""] of calls) {
    const segments = path.split("/");
    const found = all.find(({ name }) => {
      const [itsMethod, template = ""] = name.split(" ");
      const parts = template.split("/");
      const isSame = parts.every((part, at) => part === segments[at] || part.startsWith("{"));
      return itsMethod === method && parts.length === segments.length && isSame;
    });
    const known = found?.parameters?.map((parameter) => parameter.name) ?? [];
    expect([call, found?.operationId]).toEqual([call, expect.any(String)]);
    expect(known).toEqual(expect.arrayContaining([...new URLSearchParams(query).keys()]));
  }
});
