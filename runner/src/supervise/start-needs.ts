// Sees to it that the commands a named command needs run: those that live are taken as they are, the others are started
// first, with what they need in turn. A file with a circle of needs is not loaded, so this comes to an end.

import { randomBytes } from "node:crypto";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId } from "@longwire/shared/ids.ts";
import { type Admitted, admitStart } from "../admit/admission.ts";
import { awaitBeginning } from "./await-beginning.ts";
import type { Need } from "./needs.ts";
import type { ProcessKeeper } from "./process-keeper.ts";
import type { StartSettings } from "./start-settings.ts";

export type StartedNeeds =
  | { readonly type: "started"; readonly needs: readonly Need[] }
  | { readonly type: "refused"; readonly refusal: Refusal };

export function startNeeds(settings: StartSettings, keeper: ProcessKeeper, asked: Admitted["needs"]): StartedNeeds {
  const needs: Need[] = [];
  for (const [use, condition] of Object.entries(asked)) {
    const found = findOrStart(settings, keeper, use);
    if (found.type === "refused") {
      const { refusal } = found;
      return { type: "refused", refusal: { ...refusal, detail: `It needs ${use}: ${refusal.detail}`, errors: [] } };
    }
    needs.push({ use, condition, process: found.process });
  }
  return { type: "started", needs };
}

type Found = Pick<Need, "process"> & { readonly type: "found" };

function findOrStart(
  settings: StartSettings,
  keeper: ProcessKeeper,
  use: string,
): Found | Extract<StartedNeeds, { type: "refused" }> {
  const holder = keeper.holderOf(use);
  if (holder !== null) {
    if (keeper.processes.find(holder)?.asked?.use === use) return { type: "found", process: holder };
    const detail = `${JSON.stringify(use)} is the name of ${holder}, which is another process.`;
    return { type: "refused", refusal: { code: "name_taken", detail } };
  }
  const admission = admitStart(settings, { use });
  if (admission.type === "refused") return admission;
  const started = startNeeds(settings, keeper, admission.needs);
  if (started.type === "refused") return started;
  const id = randomBytes(16).toString("hex") as CommandId;
  const beginning = keeper.start(id, { use }, { ...admission, needs: started.needs }, null);
  if (beginning.type === "refused") return beginning;
  if (beginning.type === "waiting") return { type: "found", process: beginning.process };
  void awaitBeginning(beginning.run);
  return { type: "found", process: beginning.run.process };
}
