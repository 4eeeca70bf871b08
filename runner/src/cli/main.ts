// The runner's command line. Each command is a file; this one picks it.

import { runAudit } from "../audit-cli/main.ts";
import { approvalCommands } from "./approval-options.ts";
import { runApprovals } from "./approvals.ts";
import { connect } from "./connect.ts";
import { exitCodes, reportFailure } from "./exit.ts";
import { doctor } from "../doctor/main.ts";
import { runMcp } from "../mcp-cli/main.ts";
import { runPolicy } from "../policy-cli/main.ts";
import { processCommands } from "../process-cli/main.ts";
import { runInvite } from "./invite.ts";
import { runOpen } from "./open.ts";
import { usage } from "./options.ts";
import { runToken } from "./token.ts";
import { runWebhook } from "./webhook.ts";

const [command, ...args] = process.argv.slice(2);

async function main(): Promise<number> {
  if (command === "connect") return await connect(args);
  if (command === "policy") return await runPolicy(args);
  if (command === "doctor") return await doctor(args);
  if (command === "invite") return await runInvite(args);
  if (command === "open") return await runOpen(args);
  if (command === "mcp") return await runMcp(args);
  if (command === "audit") return await runAudit(args);
  if (command === "token") return await runToken(args);
  if (command === "webhook") return await runWebhook(args);
  const ofProcesses = processCommands.get(command ?? "");
  if (ofProcesses !== undefined) return await ofProcesses(args);
  const approval = approvalCommands.find((one) => one === command);
  if (approval !== undefined) return await runApprovals(approval, args);
  const isHelp = command === undefined || command === "--help" || command === "-h" || command === "help";
  (isHelp ? process.stdout : process.stderr).write(isHelp ? usage : `runner: unknown command ${command}\n\n${usage}`);
  return isHelp ? exitCodes.ok : exitCodes.usage;
}

// What must outlive this process is on disk by now; sockets that are still being closed are not waited for.
process.exit(await main().catch(reportFailure));
