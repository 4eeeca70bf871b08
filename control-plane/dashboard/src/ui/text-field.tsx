// A line of text in a form, with its name above.

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isNeeded?: boolean;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  readonly maxLength?: number;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, isNeeded = false, placeholder, isMono = false, maxLength } = props;
  return (
    <label class="field">
      <span>
        {label} {!isNeeded && <em>optional</em>}
      </span>
      <input
        type="text"
        class={isMono ? "mono" : undefined}
        autocomplete="off"
        required={isNeeded}
        placeholder={placeholder}
        maxLength={maxLength}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
