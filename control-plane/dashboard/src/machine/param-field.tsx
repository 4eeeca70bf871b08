// A field for one parameter of a named command, of the type its owner declared.

import type { NamedCommandView } from "@longwire/shared/api/named-commands.ts";

export type ParamView = NamedCommandView["params"][string];
export type ParamValue = string | boolean;

interface FieldProps {
  readonly name: string;
  readonly param: ParamView;
  readonly value: ParamValue | undefined;
  readonly onChange: (value: ParamValue) => void;
}

export function ParamField({ name, param, value, onChange }: FieldProps) {
  const { type, required, values = [] } = param;
  if (type === "boolean") {
    return (
      <label class="toggle">
        <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
        {name}
      </label>
    );
  }
  const text = typeof value === "string" ? value : "";
  const isNumber = type === "number" || type === "integer";
  return (
    <label class="field">
      <span>
        {name} {!required && <em>optional</em>}
      </span>
      {type === "enum" ? (
        <select required={required} value={text} onChange={(event) => onChange(event.currentTarget.value)}>
          {!required && <option value="" />}
          {values.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...(isNumber ? { type: "number", step: type === "integer" ? 1 : "any" } : { type: "text" })}
          {...(isNumber ? { min: param.min, max: param.max } : {})}
          required={required}
          value={text}
          placeholder={param.default === undefined ? type : String(param.default)}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </label>
  );
}
