// A button of the terminal's bar: a picture, and what it does in words for those who do not see it.

const paths = {
  pause: "M5.5 4v8M10.5 4v8",
  play: "M5 3.5v9l7-4.5z",
  end: "M8 3v8M4.5 8L8 11.5 11.5 8M3.5 13.5h9",
  search: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10 10l3 3",
  error: "M8 2.5l6 10.5H2zM8 6.5v3M8 11.3h.01",
  clock: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3l2 1.5",
  copy: "M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2",
  download: "M8 2.5v7M5 7l3 3 3-3M3 13h10",
  speak: "M3 6.5v3h2l3 2.5v-8L5 6.5zM10.5 6a3 3 0 0 1 0 4M12.3 4.2a5.5 5.5 0 0 1 0 7.6",
  close: "M4 4l8 8M12 4l-8 8",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
} as const;

export interface ToolButtonProps {
  readonly picture: keyof typeof paths;
  readonly label: string;
  /** Where it is a switch: whether it is on. */
  readonly isOn?: boolean;
  readonly isDisabled?: boolean;
  /** Shown beside the picture where there is room. */
  readonly words?: string;
  readonly onClick: () => void;
}

export function ToolButton({ picture, label, isOn, isDisabled, words, onClick }: ToolButtonProps) {
  return (
    <button
      type="button"
      class={`button-quiet button-small tty-tool${words === undefined ? "" : " tty-tool-worded"}`}
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      disabled={isDisabled === true}
      onClick={onClick}
    >
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={paths[picture]} />
      </svg>
      {words === undefined ? null : <span aria-hidden="true">{words}</span>}
    </button>
  );
}
