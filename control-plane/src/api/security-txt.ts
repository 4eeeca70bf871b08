// Where whoever finds a flaw is to report it (RFC 9116), as the operator set it. Nothing is made up where they did not.

import { problemResponse } from "../access/problem.ts";
import type { App } from "./app.ts";

const path = "/.well-known/security.txt";
/** The file is made anew for each request, so it is never older than that; RFC 9116 asks for an end within a year. */
const validMs = 90 * 24 * 3600_000;

export function addSecurityTxt(app: App): void {
  app.get(path, (c) => {
    const contacts = readContacts(c.env.SECURITY_CONTACT);
    if (contacts === null) {
      const hint =
        "Whoever runs it sets SECURITY_CONTACT to a mailto: or https: address, or several with spaces in between.";
      return problemResponse({ code: "not_found", detail: "This control plane names no contact.", hint });
    }
    const expires = new Date(Date.now() + validMs).toISOString().replace(/\.\d+Z$/, "Z");
    const lines = [...contacts.map((contact) => `Contact: ${contact}`), `Expires: ${expires}`];
    const canonical = new URL(path, c.req.url);
    if (canonical.protocol === "https:") lines.push(`Canonical: ${canonical.href}`);
    return c.body(`${lines.join("\n")}\n`, 200, { "Content-Type": "text/plain; charset=utf-8" });
  });
}

/** Null where there is none, or one that is no address. */
function readContacts(setting: string | undefined): string[] | null {
  const contacts = (setting ?? "").split(/\s+/).filter((contact) => contact !== "");
  const isAddress = (contact: string): boolean => /^(mailto:[^@]+@[^@]+|https:\/\/.+|tel:\+.+)$/.test(contact);
  return contacts.length > 0 && contacts.every(isAddress) ? contacts : null;
}
