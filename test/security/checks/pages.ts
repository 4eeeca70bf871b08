// S14: what a page of ours lets a browser do.

import type { Check } from "../check.ts";
import { fill, isSocket, mutates, nameOf } from "../routes.ts";

/** What of a policy lets nothing in, and what else a page may have: styles that are named by their hash. */
const nothingLetIn = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"];
const hashedStyles = /^style-src( 'sha256-[A-Za-z0-9+/]{43}=')+$/;
/** What the dashboard has: files of its own origin, and text that never becomes markup or a script. */
const ownFiles = [
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "manifest-src 'self'"],
  ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
];
const ownElement =
  /<(link|script)( (rel|type|crossorigin)(="[\w/+-]+")?)* (href|src)="\/assets\/[\w.-]+"( (rel|type)="[\w/+-]+")*( \/)?>/g;
const runsOrLoads = /<(script|iframe|object|embed|link|img|form|base|svg)\b|\son[a-z]+\s*=|javascript:|\bsrc\s*=/i;

const pages: Check = {
  id: "S14",
  title:
    "a page runs and loads nothing but the dashboard's own files, stands in no frame, and is the same for everybody",
  async run(probe) {
    const { target } = probe;
    let found = 0;
    for (const route of target.routes.filter((one) => !mutates(one) && !isSocket(one) && one.needs === "open")) {
      const path = fill(route, target.machineId, target.process);
      const answer = await probe.ask(route.method, path, { token: null, headers: { Accept: "text/html" } });
      const { headers, text } = answer;
      if (!/html/i.test(headers.get("Content-Type") ?? "")) continue;
      found++;
      const what = nameOf(route);
      probe.same(`${what} type`, headers.get("Content-Type"), "text/html; charset=utf-8");
      const policy = (headers.get("Content-Security-Policy") ?? "").split(";").map((part) => part.trim());
      for (const part of nothingLetIn) probe.holds(`${what}: ${part} is missing`, policy.includes(part));
      const isDashboard = route.path === "/";
      const own = isDashboard ? ownFiles : [];
      const more = policy.filter((part) => ![...nothingLetIn, ...own].includes(part) && !hashedStyles.test(part));
      probe.same(`${what} lets in`, more, []);
      probe.same(`${what} sniffing`, headers.get("X-Content-Type-Options"), "nosniff");
      probe.same(`${what} referrer`, headers.get("Referrer-Policy"), "no-referrer");
      probe.same(`${what} opener`, headers.get("Cross-Origin-Opener-Policy"), "same-origin");
      probe.same(`${what} sets a cookie`, headers.get("Set-Cookie"), null);
      const shown = isDashboard ? text.replaceAll(ownElement, "") : text;
      probe.same(`${what} runs or loads`, runsOrLoads.exec(shown)?.[0], undefined);
      // Nothing of who asks, or how, is in it.
      const other = await probe.ask(route.method, `${path}?x=<script>alert(1)</script>`, {
        headers: { Referer: "<b>" },
      });
      probe.holds(`${what} depends on who asks`, other.text === text);
    }
    probe.holds("there is no page", found > 0);
  },
};

export const pageChecks: readonly Check[] = [pages];
