// A dialog of the browser's own: it keeps the focus, and Escape closes it, as does a click beside it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Whether a click beside it leaves it open. */
  readonly staysOpen?: boolean;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, staysOpen = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const pressed = useRef<EventTarget | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // Text that is selected beyond the edge ends in a click beside it, too.
  const closeOutside = (event: MouseEvent): void => {
    if (!staysOpen && event.target === dialog.current && pressed.current === dialog.current) onClose();
  };
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-label={title}
      onClose={onClose}
      onPointerDown={(event) => (pressed.current = event.target)}
      onClick={closeOutside}
    >
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2>{title}</h2>
          <button type="button" class="button-quiet button-square" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
