// The dashboard as it was built: one page, which holds nothing of who asks, and files whose names change with their
// content, so that a browser may keep them for good. What the page shows it asks the API for.

import { problemResponse } from "../access/problem.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { App } from "./app.ts";
import type { Call } from "./context.ts";

/** Scripts, styles and calls of this origin's own, no inline ones, and no text that becomes markup or a script. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const pageHeaders = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": policy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

export function addDashboard(app: App): void {
  app.get("/", async (c) => await send(c, "/index.html", pageHeaders));
  app.get("/assets/:file", async (c) => {
    const file = c.req.param("file");
    const type = types[/^[\w-][\w.-]*\.(css|js|svg)$/.exec(file)?.[1] ?? ""];
    if (type === undefined) return problemResponse(missing(c));
    const kept = { "Content-Type": type, "Cache-Control": "public, max-age=31536000, immutable" };
    return await send(c, `/assets/${file}`, kept);
  });
}

/** Types and headers are ours; what the platform says of a file besides is left out. */
async function send(c: Call, path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const file = await c.env.DASHBOARD?.fetch(new URL(path, c.req.url));
  if (file?.ok === true) return new Response(file.body, { headers });
  await file?.body?.cancel();
  return problemResponse(missing(c));
}

function missing(c: Call): Refusal {
  return { code: "not_found", detail: `No file ${c.req.path} in this control plane's dashboard.` };
}
