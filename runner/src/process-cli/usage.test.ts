import { afterEach, expect, test, vi } from "vitest";
import { runAudit } from "../audit-cli/main.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { runInvite } from "../cli/invite.ts";
import { runToken } from "../cli/token.ts";
import { doctor } from "../doctor/main.ts";
import { processCommands } from "./main.ts";

afterEach(() => vi.restoreAllMocks());

const commands = new Map([
  ...processCommands,
  ["token", runToken],
  ["invite", runInvite],
  ["audit", runAudit],
  ["doctor", doctor],
] as const);

test("[U6] every command says with --help how it is used", async () => {
  for (const [name, command] of commands) {
    const print = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    const code = await command(["--help"]);
    const said = String(print.mock.calls[0]?.[0]);
    print.mockRestore();
    expect([name, code]).toEqual([name, exitCodes.ok]);
    expect(said).toMatch(new RegExp(`^runner ${name}\\b`));
  }
});

test.for([
  { args: ["ps", "web"], word: "web is one word too many" },
  { args: ["ps", "--all", "--state", "running"], word: "one of --all and --state" },
  { args: ["ps", "--state", "odd"], word: "there is no state odd" },
  { args: ["stop"], word: "something is missing" },
  { args: ["stop", "web", "--now"], word: "--now" },
  { args: ["stop", "web", "--grace", "1h"], word: "--grace 1h" },
  { args: ["signal", "web", "SIGNONE"], word: "there is no signal SIGNONE" },
  { args: ["send", "web"], word: "say what to send" },
  { args: ["logs", "web", "--tail", "none"], word: "--tail none" },
  { args: ["logs", "web", "--grep", "("], word: "RE2" },
  { args: ["logs", "web", "--raw", "--json"], word: "--raw goes with neither" },
  { args: ["logs", "web", "--after", "12"], word: "no cursor" },
  { args: ["wait", "web", "--port", "http"], word: "--port http" },
  { args: ["wait", "web", "--timeout", "soon"], word: "--timeout soon" },
  { args: ["attach", "web", "--json"], word: "--json" },
  { args: ["doctor", "--fix"], word: "--fix" },
])("[U6] $args is refused with what is wrong and how it goes", async ({ args: [name = "", ...args], word }) => {
  const failure = await commands
    .get(name)?.(args)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CliFailure);
  const { message, exitCode } = failure as CliFailure;
  expect(exitCode).toBe(exitCodes.usage);
  expect(message).toContain(word);
  expect(message).toContain(`\n\nrunner ${name} `);
});
