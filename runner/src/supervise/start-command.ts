// Carries a start out: may it run, is its name free, and then a run that begins now or waits for its turn.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { defaultGraceMs } from "@longwire/shared/limits.ts";
import { admitStart } from "../admit/admission.ts";
import { awaitBeginning } from "./await-beginning.ts";
import type { FollowedRun } from "./followed-run.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { Beginning, ProcessKeeper } from "./process-keeper.ts";
import { readShimLog } from "./run-folder.ts";
import { startNeeds } from "./start-needs.ts";
import type { StartSettings } from "./start-settings.ts";
import { stopForNext } from "./stop-for-next.ts";

/** What a start needs of the processes there are. */
export interface StartContext {
  readonly settings: StartSettings;
  readonly keeper: ProcessKeeper;
  /** Who asks, as the control plane says. */
  readonly actor?: Actor;
  /** The process's run that is not over; null where there is none. */
  readonly liveRun: (process: ProcessId) => FollowedRun | null;
}

export async function carryOutStart(context: StartContext, id: CommandId, asked: StartRequest): Promise<Outcome> {
  const { settings, keeper } = context;
  const admission = admitStart(settings, asked);
  if (admission.type === "refused") return refused(admission.refusal);
  const hindrance = keeper.asker.findHindrance(admission);
  if (hindrance !== null) return refused(hindrance);
  const { request } = admission;
  const prepare = (own: ProcessId | null): Beginning => {
    const started = startNeeds(settings, keeper, admission.needs);
    if (started.type === "refused") return started;
    return keeper.start(id, asked, { ...admission, needs: started.needs, ...whoAsks(context) }, own);
  };
  const holder = request.name === undefined ? null : keeper.holderOf(request.name);
  if (holder === null) return await describeBeginning(prepare(null));
  switch (request.if_running ?? "fail") {
    case "fail": {
      const detail = `${JSON.stringify(request.name)} is the name of ${holder}, which is not ended yet.`;
      return refused({ code: "name_taken", detail });
    }
    case "reuse": {
      const run = context.liveRun(holder)?.run ?? keeper.processes.find(holder)?.run;
      return done({ process: holder, ...(run === undefined ? {} : { run }), reused: true });
    }
    case "restart": {
      const beginning = await keeper.holds.inTurn(holder, async (hold): Promise<Beginning> => {
        keeper.endWaiting(holder);
        const how = { signal: "SIGINT", graceMs: defaultGraceMs } as const;
        return (await stopForNext(context.liveRun(holder), hold, how)) ?? prepare(holder);
      });
      return await describeBeginning(beginning);
    }
  }
}

export function whoAsks({ actor }: StartContext): { readonly actor?: Actor } {
  return actor === undefined ? {} : { actor };
}

/** The outcome of a start or restart that got so far. */
export async function describeBeginning(beginning: Beginning): Promise<Outcome> {
  switch (beginning.type) {
    case "refused":
      return refused(beginning.refusal);
    case "waiting":
      return done({ process: beginning.process, run: beginning.run });
    case "begun":
      return await describeStart(beginning.run);
  }
}

/** The outcome of a start whose folder exists, as soon as the run has begun or cannot begin any more. */
export async function describeStart(run: FollowedRun): Promise<Outcome> {
  if (await awaitBeginning(run)) return done({ process: run.process, run: run.run });
  const log = readShimLog(run.folder);
  const detail = `The program that looks after the process did not start.${log === "" ? "" : ` It said: ${log}`}`;
  return refused({ code: "internal", detail, hint: "Nothing was started. Try again." });
}
