// A secret that is told this once. A click beside it does not lose it.

import { CopyButton } from "./copy-button.tsx";
import { Dialog } from "./dialog.tsx";

interface ShownOnceProps {
  readonly title: string;
  /** What it is for. */
  readonly words: string;
  readonly secret: string;
  readonly copyLabel: string;
  readonly onClose: () => void;
}

export function ShownOnce({ title, words, secret, copyLabel, onClose }: ShownOnceProps) {
  return (
    <Dialog title={title} onClose={onClose} staysOpen>
      <p>{words} This is the only time it is shown.</p>
      <pre class="snippet">
        <code>{secret}</code>
      </pre>
      <div class="form-end">
        <CopyButton text={secret} label={copyLabel} />
        <button type="button" class="button button-main" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
