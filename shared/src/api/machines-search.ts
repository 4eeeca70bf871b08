// The answer to a search over all machines of a token.

import * as z from "zod";
import { searchAnswerSchema } from "./views.ts";

/** Each machine has a cursor of its own to go on from. */
export const machinesSearchAnswerSchema = z
  .object({
    machines: z.array(z.object({ machine_id: z.string(), name: z.string(), ...searchAnswerSchema.shape })),
  })
  .meta({ id: "MachinesSearchAnswer" });
