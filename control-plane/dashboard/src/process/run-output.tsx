// The output of one run of a machine's, with what this session may do there.

import type { Process } from "@longwire/shared/api/views.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import { clientOptions } from "../clients.ts";
import type { MachineStore } from "../live/machine-store.ts";
import { may } from "../session/session.ts";
import { Output } from "./output.tsx";

interface RunOutputProps {
  readonly store: MachineStore;
  readonly process: Process;
  /** Not the latest: there is nothing to type into. */
  readonly isOld?: boolean;
}

export function RunOutput({ store, process, isOld = false }: RunOutputProps) {
  return (
    <Output
      client={clientOptions(store.id)}
      machine={store.id}
      process={process.process_id}
      run={process.run}
      tty={process.tty}
      hasEnded={hasEnded(process.state)}
      isSilent={process.output_bytes === 0}
      isOnline={store.machine.value.online}
      canInput={may("input") && !isOld}
    />
  );
}
