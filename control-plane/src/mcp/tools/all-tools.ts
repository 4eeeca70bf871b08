// The tools, in the order they are told.

import type { Tool } from "../tool.ts";
import { listProcesses } from "./list-processes.ts";
import { readOutput } from "./read-output.ts";
import { restartProcess } from "./restart-process.ts";
import { searchOutput } from "./search-output.ts";
import { sendInput } from "./send-input.ts";
import { startProcess } from "./start-process.ts";
import { stopProcess } from "./stop-process.ts";
import { waitProcess } from "./wait-process.ts";

export const allTools: readonly Tool[] = [
  listProcesses,
  startProcess,
  readOutput,
  waitProcess,
  sendInput,
  stopProcess,
  restartProcess,
  searchOutput,
];
