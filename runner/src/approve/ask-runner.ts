// Asks the runner that runs on this machine, over its socket.

import { connect } from "node:net";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { CliFailure, exitCodes } from "../cli/exit.ts";
import { type LocalAnswer, localAnswerSchema, type LocalRequest, maxLocalAnswerBytes } from "./local-messages.ts";
import { localSocketOf } from "./local-socket-path.ts";

const patienceMs = 10_000;

/** `dataFolder` is the runner's, absolute. Throws {@link CliFailure} where no runner answers. */
export async function askRunner(dataFolder: string, request: LocalRequest): Promise<LocalAnswer> {
  const line = await exchange(localSocketOf(dataFolder), `${JSON.stringify(request)}\n`).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") {
      throw new CliFailure(`the runner in ${dataFolder} is another user's.`, exitCodes.notAuthorised);
    }
    if (code !== "ENOENT" && code !== "ECONNREFUSED" && code !== "ENOTDIR") throw unanswered(dataFolder);
    const hint = "Is it started? Another one's folder is given by --data.";
    throw new CliFailure(`no runner runs with the data folder ${dataFolder}. ${hint}`, exitCodes.unreachable);
  });
  const answer = localAnswerSchema.safeParse(parseJson(line));
  if (!answer.success) throw unanswered(dataFolder);
  return answer.data;
}

const unanswered = (dataFolder: string): CliFailure =>
  new CliFailure(
    `the runner in ${dataFolder} does not answer as this one would. Is it of another version?`,
    exitCodes.unreachable,
  );

function exchange(path: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => socket.write(line));
    let text = "";
    socket.setEncoding("utf8");
    socket.setTimeout(patienceMs, () => socket.destroy(new Error("it does not answer")));
    socket.on("error", reject);
    socket.on("data", (piece) => {
      text += String(piece);
      if (text.length > maxLocalAnswerBytes) socket.destroy(new Error("it says too much"));
    });
    socket.on("close", () => resolve(text));
  });
}
