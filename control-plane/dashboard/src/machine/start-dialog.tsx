// Starting a process: one of the commands the machine's owner named, or a line of one's own.

import { useState } from "preact/hooks";
import type { Process } from "@longwire/shared/api/views.ts";
import type { MachineStore } from "../live/machine-store.ts";
import { go } from "../location.ts";
import { nameOf } from "../process/acts.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { Refusal } from "../ui/refusal.tsx";
import { sayDone } from "../ui/toasts.tsx";
import { FreeFields } from "./free-fields.tsx";
import { ParamField } from "./param-field.tsx";
import { emptyForm, freeRequest, namedRequest, type FreeForm, type ParamTexts } from "./start-request.ts";

interface StartProps {
  readonly store: MachineStore;
  readonly onClose: () => void;
}

export function StartDialog({ store, onClose }: StartProps) {
  const { commands, policy_mode: mode, name: machine } = store.machine.value;
  const [chosen, choose] = useState<string | null>(commands[0]?.name ?? null);
  const [texts, setTexts] = useState<ParamTexts>({});
  const [form, setForm] = useState<FreeForm>(emptyForm);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<LongwireError | null>(null);
  const command = commands.find(({ name }) => name === chosen);

  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const request = command === undefined ? freeRequest(form) : namedRequest(command, texts);
      const process: Process = await store.client.start(request);
      store.put(process);
      store.refresh();
      const waits =
        process.waiting_for === "approval" ? "It waits for the owner's approval." : `It is ${process.state}.`;
      sayDone(`${nameOf(process)} is accepted. ${waits}`);
      onClose();
      go({ type: "process", machine, process: nameOf(process), run: null });
    } catch (error) {
      if (!(error instanceof LongwireError)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog title={`Start on ${machine}`} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        {commands.length > 0 && (
          <div class="choices" role="group" aria-label="What to start">
            {commands.map(({ name, tags }) => (
              <button
                key={name}
                type="button"
                class="choice"
                aria-pressed={chosen === name}
                onClick={() => choose(name)}
              >
                <strong>{name}</strong>
                {tags.length > 0 && <span class="choice-note">{tags.join(" · ")}</span>}
              </button>
            ))}
            {mode !== "named" && (
              <button type="button" class="choice" aria-pressed={chosen === null} onClick={() => choose(null)}>
                <strong>A command of your own</strong>
                <span class="choice-note">{mode === "ask" ? "the owner is asked" : "runs at once"}</span>
              </button>
            )}
          </div>
        )}
        {command === undefined ? (
          <FreeFields form={form} onChange={setForm} mode={mode} />
        ) : (
          Object.entries(command.params).map(([name, param]) => (
            <ParamField
              key={name}
              name={name}
              param={param}
              value={texts[name]}
              onChange={(value) => setTexts({ ...texts, [name]: value })}
            />
          ))
        )}
        <Refusal error={problem} />
        <div class="form-end">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class="button button-main"
            disabled={isBusy || (command === undefined && form.command.trim() === "")}
          >
            {isBusy ? "Starting…" : "Start"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
