// `runner logs`: what a process printed, and what it prints.
//
// What is stored comes first, up to a cursor; then, with `-f`, events from where the log stood before that was read, less
// the bytes that were in it. So nothing falls in between and nothing comes twice.

import type { Client } from "@longwire/shared/client/client.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import { maxOutputChars, tailBytes } from "@longwire/shared/limits.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { stripControls } from "@longwire/shared/render/control-scanner.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { sayEnd } from "./end-of-run.ts";
import { followRun, type RunItem } from "./follow-run.ts";
import { LastLines } from "./last-lines.ts";
import { readLogsOptions, type LogsOptions } from "./logs-options.ts";
import { MatchingLines } from "./matching-lines.ts";
import { presentEvent } from "./present-event.ts";
import { isColoured, jsonLine, note, print } from "./print.ts";
import { reachMachine } from "./reach-machine.ts";
import { sayName } from "./say-process.ts";
import { SafeText, visibleText } from "./show-safely.ts";

const { stdout, stderr } = process;

/** The exit code. */
export async function logs(args: readonly string[]): Promise<number> {
  const options = readLogsOptions(args);
  if (options === null) return exitCodes.ok;
  const { client, patient, sameAgain } = await reachMachine(options);
  const { head } = options.follow ? await client.machine() : { head: 0 };
  const view = await client.process(options.name);
  const run = options.after === undefined ? (options.run ?? view.run) : Number(options.after.split(".")[0]);
  const asked: AskedRun = { client, view, run, options, sameAgain };
  const way = chooseWay(options);
  const from = await way.stored(asked);
  // Whatever ended before the log stood there is stored as a whole, and its end does not come again.
  if (!options.follow || run !== view.run || hasEnded(view.state)) return exitCodes.ok;
  const { process_id: id } = view;
  for await (const item of followRun(patient, { process: id, run, after: head, from })) {
    await way.live(item);
    if (item.type === "lost") note(`runner: lost: ${item.words}.`);
    if (item.type === "ended" && stderr.isTTY) note(`runner: ${sayName(view)} ${sayEnd(item.end)}.`);
  }
  return exitCodes.ok;
}

interface AskedRun {
  readonly client: Client;
  readonly view: Process;
  readonly run: number;
  readonly options: LogsOptions;
  readonly sameAgain: string;
}

/** How output is shown: what is stored of it, up to the offset that is returned, and what comes. */
interface Way {
  readonly stored: (asked: AskedRun) => Promise<number>;
  readonly live: (item: RunItem) => Promise<void>;
}

function chooseWay({ json, raw, grep, follow }: LogsOptions): Way {
  if (json) return asJson;
  if (grep !== undefined && follow) return asMatches(new MatchingLines(grep.pattern));
  if (grep === undefined && (raw || !stdout.isTTY)) return asBytes;
  return asText(new SafeText(isColoured(stdout)));
}

const offsetOf = (cursor: string): number => Number(cursor.split(".")[1]);

const asJson: Way = {
  stored: async (asked) => {
    const { output, nextCursor } = await readRendered(asked);
    await print(stdout, jsonLine(output));
    return offsetOf(nextCursor);
  },
  live: async ({ event, type }) => {
    if (event !== null && type !== "other") await print(stdout, jsonLine(presentEvent(event)));
  },
};

const asBytes: Way = {
  stored: async (asked) => {
    const { tail } = asked.options;
    if (tail === undefined) return await readRaw(asked, undefined, (bytes) => print(stdout, bytes));
    const lines = new LastLines(tail, tailBytes);
    const next = await readRaw(asked, tailBytes, (bytes) => Promise.resolve(lines.take(bytes)));
    await print(stdout, lines.bytes());
    return next;
  },
  live: async (item) => {
    if (item.type === "output") await print(stdout, item.bytes);
  },
};

/** `safe` shows what comes. */
const asText = (safe: SafeText): Way => ({
  stored: async (asked) => {
    const { output, nextCursor } = await readRendered(asked);
    const { output: text, lines_before: before, from_cursor: begin } = output;
    const more = `runner logs ${asked.options.name}${asked.sameAgain} --after `;
    if (before > 0) note(`[${before} lines before these]`);
    else if (offsetOf(begin) > 0 && asked.options.after === undefined) note(`[begins at ${begin}]`);
    // The call that reads what is left out is the API's; here it is this command's.
    const ownCall = /^(… \d+ lines left out: )GET \S+\?after=([0-9.]+)\S*$/m;
    const shown = text.replace(ownCall, (_, what: string, cursor: string) => what + more + cursor);
    // It has no escape sequences, if the control plane is what it says it is.
    await print(stdout, new SafeText(false).take(Buffer.from(shown)));
    return offsetOf(nextCursor);
  },
  live: async (item) => {
    if (item.type === "output") await print(stdout, safe.take(item.bytes));
  },
});

/** The lines that `lines` finds, as text, from the stored ones into those that come. */
const asMatches = (lines: MatchingLines): Way => {
  const show = async (found: readonly string[]): Promise<void> => {
    if (found.length > 0) await print(stdout, found.map((line) => `${visibleText(stripControls(line))}\n`).join(""));
  };
  return {
    stored: async (asked) => {
      const last: string[] = [];
      const { tail } = asked.options;
      const next = await readRaw(asked, undefined, async (bytes) => {
        const found = lines.take(bytes);
        if (tail === undefined) return await show(found);
        last.push(...found);
        last.splice(0, last.length - tail);
      });
      await show(last);
      return next;
    },
    live: async (item) => {
      if (item.type === "output") await show(lines.take(item.bytes));
      else if (item.type === "ended") await show(lines.end());
    },
  };
};

function readRendered({ client, view, run, options }: AskedRun): ReturnType<Client["outputJson"]> {
  const { tail, grep, after } = options;
  return client.outputJson(view.process_id, {
    max_chars: maxOutputChars,
    ...(after === undefined ? { run } : { after }),
    ...(tail === undefined ? {} : { tail }),
    ...(grep === undefined ? {} : { grep: grep.source }),
  });
}

/** Hands the bytes on as they come, `last` of them at most where it is given; the offset behind them. */
async function readRaw(
  { client, view, run, options }: AskedRun,
  last: number | undefined,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const { process_id: id } = view;
  const from = last === undefined || run !== view.run ? 0 : Math.max(0, view.output_bytes - last);
  const after = options.after ?? (from === 0 ? undefined : `${run}.${from}`);
  const { output, nextCursor } = await client
    .rawStream(id, after === undefined ? { run } : { after })
    .catch((error: unknown) => {
      const isGone = error instanceof LongwireError && error.code === "output_expired" && options.after === undefined;
      if (!isGone) throw error;
      return client.rawStream(id, { run });
    });
  const chunks = output[Symbol.asyncIterator]();
  for (;;) {
    const next = await chunks.next().catch((error: unknown) => {
      const reason = reasonOf(error);
      throw new CliFailure(`the connection broke before the end of the output (${reason}).`, exitCodes.unreachable);
    });
    if (next.done === true) return offsetOf(nextCursor);
    await take(next.value);
  }
}
