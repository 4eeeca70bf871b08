// A line for a process without a terminal: it goes to its input as it is, with its end.

import { useState } from "preact/hooks";

export interface LineInputProps {
  readonly onLine: (text: string) => void;
  readonly onInterrupt: () => void;
}

export function LineInput({ onLine, onInterrupt }: LineInputProps) {
  const [text, setText] = useState("");
  return (
    <form
      class="tty-line"
      onSubmit={(event) => {
        event.preventDefault();
        onLine(text);
        setText("");
      }}
    >
      <input
        type="text"
        aria-label="A line for its input"
        placeholder="Its input"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <button type="submit" class="button">
        Send
      </button>
      <button type="button" class="button-quiet" onClick={onInterrupt}>
        Ctrl-C
      </button>
    </form>
  );
}
