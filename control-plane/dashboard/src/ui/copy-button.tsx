// Copies a text that somebody is to take elsewhere.

import { useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { sayError } from "./toasts.tsx";

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch (error) {
      sayError("Not copied", error);
    }
  };
  return (
    <button type="button" class="button button-small" onClick={() => void copy()}>
      <Icon name={isCopied ? "check" : "copy"} />
      <span aria-live="polite">{isCopied ? "Copied" : label}</span>
    </button>
  );
}
