// Keys that a phone's keyboard has not. Ctrl holds for the next key that is typed.

const keys = [
  ["Esc", "Escape"],
  ["Tab", "Tab"],
  ["←", "Left"],
  ["↓", "Down"],
  ["↑", "Up"],
  ["→", "Right"],
] as const;

export interface KeyRowProps {
  readonly isControl: boolean;
  readonly onControl: () => void;
  readonly onKey: (name: string) => void;
}

export function KeyRow({ isControl, onControl, onKey }: KeyRowProps) {
  // A key that took the focus would close the phone's keyboard.
  const keepFocus = (event: Event): void => event.preventDefault();
  return (
    <div class="tty-keys" role="group" aria-label="Keys">
      <button type="button" aria-pressed={isControl} onPointerDown={keepFocus} onClick={onControl}>
        Ctrl
      </button>
      {keys.map(([label, name]) => (
        <button type="button" key={name} aria-label={name} onPointerDown={keepFocus} onClick={() => onKey(name)}>
          {label}
        </button>
      ))}
      <button type="button" aria-label="Ctrl-C" onPointerDown={keepFocus} onClick={() => onKey("Ctrl-C")}>
        ^C
      </button>
    </div>
  );
}
