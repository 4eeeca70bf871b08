// A query as a caller writes it, numbers and flags as such, and as it stands in an address.

/** The fields of a query's schema, before it is read, as a caller gives them. */
export type Asked<T> = { readonly [Field in keyof T]: AskedValue<T[Field]> };
type AskedValue<V> = V extends readonly unknown[]
  ? V
  : V extends "true" | "false"
    ? boolean
    : string extends V
      ? string | number
      : V;

type Value = string | number | boolean;
export type QueryFields = Readonly<Record<string, Value | readonly Value[] | undefined>>;

/** With its `?`; empty where nothing is asked. A list is its field once for each value. */
export function writeQuery(fields: QueryFields): string {
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? (value as readonly Value[]) : [value as Value | undefined]) {
      if (one !== undefined) query.append(field, String(one));
    }
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}
