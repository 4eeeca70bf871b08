// Narrows a list by words.

import { Icon } from "./icon.tsx";

interface FilterFieldProps {
  readonly label: string;
  /** What is looked at. */
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function FilterField({ label, placeholder, value, onChange }: FilterFieldProps) {
  return (
    <label class="search">
      <Icon name="search" />
      <input
        type="search"
        placeholder={placeholder}
        aria-label={label}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
