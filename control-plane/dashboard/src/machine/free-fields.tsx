// What is asked of a start that its owner did not name: a line of one's own, and what it is to be called.

import { TextField } from "../ui/text-field.tsx";
import type { FreeForm } from "./start-request.ts";

interface FreeProps {
  readonly form: FreeForm;
  readonly onChange: (form: FreeForm) => void;
  readonly mode: string | null;
}

export function FreeFields({ form, onChange, mode }: FreeProps) {
  return (
    <>
      {mode === "named" && <p class="hint">This machine runs the commands its owner named, and none is named yet.</p>}
      <label class="field">
        <span>Command</span>
        <textarea
          rows={2}
          class="mono"
          required
          spellcheck={false}
          autocapitalize="off"
          placeholder="npm run dev"
          value={form.command}
          onInput={(event) => onChange({ ...form, command: event.currentTarget.value })}
        />
      </label>
      <div class="field-pair">
        <TextField label="Name" placeholder="web" value={form.name} onChange={(name) => onChange({ ...form, name })} />
        <TextField
          label="Tags"
          placeholder="frontend"
          value={form.tags}
          onChange={(tags) => onChange({ ...form, tags })}
        />
      </div>
      <TextField
        label="Folder"
        placeholder="the runner's own"
        isMono
        value={form.cwd}
        onChange={(cwd) => onChange({ ...form, cwd })}
      />
      <label class="toggle">
        <input
          type="checkbox"
          checked={form.tty}
          onChange={(event) => onChange({ ...form, tty: event.currentTarget.checked })}
        />
        In a terminal, to type into
      </label>
    </>
  );
}
