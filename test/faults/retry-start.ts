// F29: one request to start is repeated under one Idempotency-Key while the control plane is killed under it. One process
// may come of it, and each answer that comes is the same.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import type { Process } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Stage } from "./stage.ts";

/** Answers that leave the outcome open: the caller is to ask again. */
const openStatuses = [500, 503, 504];

export async function retryStart({ count, seed }: FaultOptions): Promise<FaultReport> {
  const random = seeded(seed);
  return await Stage.use(async (stage) => {
    const spawns = path.join(stage.runner.data, "spawns");
    const body = { command: `echo spawned >> ${spawns}; exec sleep 600` };
    const ask = async (): Promise<{ status: number; body: Process } | null> => {
      return await stage.api
        .call<Process>("POST", "/processes", body, { "Idempotency-Key": `start-${seed}` })
        .catch(() => null);
    };
    const answers: Process[] = [];
    const wrongs: string[] = [];
    const note = (answer: { status: number; body: Process } | null): void => {
      if (answer?.status === 201) answers.push(answer.body);
      else if (answer !== null && !openStatuses.includes(answer.status)) wrongs.push(`answered ${answer.status}`);
    };
    let unanswered = 0;
    for (let time = 0; time < count; time++) {
      await stage.untilOnline();
      const asked = ask();
      await delay(random() * 60);
      await stage.untilRestarted();
      const answer = await asked;
      if (answer === null) unanswered++;
      note(answer);
    }
    await waitUntil("it is answered at last", async () => {
      const answer = await ask();
      note(answer);
      return answer?.status === 201;
    });
    const starts = existsSync(spawns) ? readFileSync(spawns, "utf8").split("\n").length - 1 : 0;
    if (starts !== 1) wrongs.push(`${starts} starts`);
    const differing = answers.findIndex((answer) => !isDeepStrictEqual(answer, answers[0]));
    if (differing >= 0) wrongs.push(`${JSON.stringify(answers[differing])} after ${JSON.stringify(answers[0])}`);
    return { wrongs, late: [], figures: { answered: answers.length, unanswered } };
  });
}
