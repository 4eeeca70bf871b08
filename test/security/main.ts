// `pnpm security`: checks of a live control plane and its runner, each a request and what exactly must come of it. Ends
// with 1 where one fails. docs/security-checks.md says what each row is.
//
//   pnpm security                       a product of its own, on a free port, with data to be thrown away
//   pnpm security URL                   one that runs; LONGWIRE_TOKEN is a token with every scope, and with
//                                       LONGWIRE_ENROLL_KEY what concerns two workspaces is checked too
//   … [--only S1 --only S29] [--json]

import { parseArgs } from "node:util";
import { runCheck, type Result } from "./check.ts";
import { allChecks, leftOut } from "./checks.ts";
import { openTarget, startTarget } from "./target.ts";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  allowPositionals: true,
  options: { only: { type: "string", multiple: true, default: [] }, json: { type: "boolean", default: false } },
});
const [url] = positionals;
const { LONGWIRE_TOKEN: token, LONGWIRE_ENROLL_KEY: enrollKey } = process.env;
if (url !== undefined && token === undefined) {
  process.stderr.write("security: set LONGWIRE_TOKEN to a token of the control plane that has every scope.\n");
  process.exit(2);
}
const chosen = allChecks.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
const target =
  url === undefined
    ? await startTarget()
    : await openTarget({ url: new URL(url).origin, token: token ?? "" }, enrollKey);
const results: Result[] = [];
try {
  for (const check of chosen) {
    const result = await runCheck(check, target);
    results.push(result);
    if (!values.json) print(result);
  }
} finally {
  await target.close();
}
if (values.json)
  process.stdout.write(`${JSON.stringify({ results, left_out: leftOut.map(({ ids, why }) => ({ ids, why })) })}\n`);
else {
  for (const { ids, why } of leftOut) process.stdout.write(`${ids.join(" ").padEnd(12)} left out: ${why}\n`);
  const failed = results.filter(({ outcome }) => outcome === "FAIL").length;
  process.stdout.write(`\n${results.length - failed} of ${results.length} held\n`);
}
if (results.some(({ outcome }) => outcome === "FAIL")) process.exitCode = 1;

function print({ id, title, outcome, asked, wrongs }: Result): void {
  process.stdout.write(`${id.padEnd(5)}${outcome.padEnd(7)}${String(asked).padStart(5)}  ${title}\n`);
  for (const wrong of wrongs.slice(0, 10)) process.stdout.write(`       ${wrong.slice(0, 600)}\n`);
  if (wrongs.length > 10) process.stdout.write(`       and ${wrongs.length - 10} more\n`);
}
