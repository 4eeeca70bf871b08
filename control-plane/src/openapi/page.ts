// The document as a page: a list of operations, with no script and nothing loaded. All of its text is escaped.

import type { DocumentedOperation, OpenApiDocument } from "./document.ts";

const style = [
  "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}",
  "code{font-family:ui-monospace,monospace}article{border-top:1px solid #8888;padding:.5rem 0}",
  "h3{margin:.5rem 0;font-size:1rem}table{border-collapse:collapse}td{padding:.1rem 1rem .1rem 0;vertical-align:top}",
].join("");

/** The page, and a content security policy under which its style counts and nothing else. */
export async function renderPage(
  document: OpenApiDocument,
): Promise<{ readonly html: string; readonly policy: string }> {
  const { info, tags, paths } = document;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = tags.map(({ name, description }) => {
    const own = all.filter(({ operation }) => operation.tags.includes(name));
    const articles = own.map(({ path, method, operation }) => renderOperation(method, path, operation));
    return `<section><h2>${escape(name)}</h2><p>${escape(description)}</p>${articles.join("")}</section>`;
  });
  const html = [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(info.title)}: HTTP API</title>`,
    `<meta name="viewport" content="width=device-width"><style>${style}</style></head><body>`,
    `<h1>${escape(info.title)}: HTTP API</h1><p>${words(info.description)}</p>`,
    `<p>The whole with its schemas: <a href="/openapi.json">openapi.json</a>. For models: <a href="/llms.txt">llms.txt</a>.</p>`,
    ...sections,
    `</body></html>\n`,
  ].join("\n");
  return { html, policy: `${nothingElse}; style-src 'sha256-${await sha256Base64(style)}'` };
}

const nothingElse = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

function renderOperation(method: string, path: string, operation: DocumentedOperation): string {
  const { operationId, summary, description = "", security, parameters = [], responses } = operation;
  const scopes = security.flatMap(({ token = [] }) => token);
  const rows = parameters.map(
    ({ name, in: place, required, description: note = "" }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${place}${required ? ", needed" : ""}</td><td>${words(note)}</td></tr>`,
  );
  return [
    `<article id="${escape(operationId)}"><h3><code>${method.toUpperCase()} ${escape(path)}</code></h3>`,
    `<p>${escape(summary)}. ${words(description)}</p>`,
    `<p>Needs: ${scopes.length === 0 ? "no token" : words(scopes.map((scope) => `\`${scope}\``).join(", "))}. `,
    `Answers: ${Object.keys(responses).join(", ")}.</p>`,
    rows.length === 0 ? "" : `<table>${rows.join("")}</table>`,
    `</article>`,
  ].join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Escaped, with what stands between backticks as code. */
function words(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

async function sha256Base64(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCodePoint(...new Uint8Array(digest)));
}
