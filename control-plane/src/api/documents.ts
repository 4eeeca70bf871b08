// The API about itself: the OpenAPI document, the same as a page to read, and a guide for models. Made at the first
// request for one of them, and the same for everybody until the next deployment.

import { sha256Hex } from "../access/digest.ts";
import { buildDocument } from "../openapi/document.ts";
import { renderPage } from "../openapi/page.ts";
import { guide } from "../openapi/guide.ts";
import type { App } from "./app.ts";
import type { Call } from "./context.ts";

interface Made {
  readonly body: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function addDocuments(app: App): void {
  const document = once(() => make(JSON.stringify(buildDocument()), { "Content-Type": "application/json" }));
  const page = once(async () => {
    const { html, policy } = await renderPage(buildDocument());
    const shown = { "Content-Security-Policy": policy, "Cross-Origin-Opener-Policy": "same-origin" };
    return await make(html, { "Content-Type": "text/html; charset=utf-8", ...shown });
  });
  const guideText = once(() => make(guide, { "Content-Type": "text/plain; charset=utf-8" }));
  app.get("/openapi.json", async (c) => answer(c, await document()));
  app.get("/docs", async (c) => answer(c, await page()));
  app.get("/llms.txt", async (c) => answer(c, await guideText()));
}

function once<T>(produce: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= produce());
}

async function make(body: string, headers: Readonly<Record<string, string>>): Promise<Made> {
  return { body, etag: `"${(await sha256Hex(body)).slice(0, 32)}"`, headers };
}

/** Kept for a while by whoever asked; 304 where they have it still. Weakened on the way is the same. */
function answer(c: Call, { body, etag, headers }: Made): Response {
  const known = (c.req.header("If-None-Match") ?? "").split(",").map((one) => one.trim().replace(/^W\//, ""));
  const caching = { ETag: etag, "Cache-Control": "public, max-age=300" };
  if (known.includes(etag) || known.includes("*")) return c.body(null, 304, caching);
  return c.body(body, 200, { ...headers, ...caching });
}
