// The forms a value may be printed in: as it is, in base 64 at whatever place, in URLs, in JSON.

/** A form that became shorter than this is left out: it would stand in ordinary output. */
const leastFormBytes = 8;

/** What URLs and JSON write as it is. */
const unescaped = /^[A-Za-z0-9_.-]*$/;

/** `value` as bytes in all its forms, itself first, each once. */
export function encodingsOf(value: string): Buffer[] {
  const plain = Buffer.from(value);
  const escaped = unescaped.test(value) ? [] : [...inUrls(value), ...inJson(value)];
  const forms = [...escaped, ...inBase64(plain)].filter(({ length }) => length >= leastFormBytes);
  const distinct = new Map(
    [plain, ...forms.map((form) => Buffer.from(form))].map((form) => [form.toString("latin1"), form]),
  );
  return [...distinct.values()];
}

function inUrls(value: string): string[] {
  const percent = encodeURIComponent(value.toWellFormed());
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  return [percent, form].flatMap((one) => [one, one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

function inJson(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [json, ascii].flatMap((one) => [one, one.replaceAll("/", "\\/")]);
}

/** The characters that are the value's alone, whichever of three places it begins at, in both alphabets. */
function inBase64(value: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), value]).toString("base64");
    const from = before === 0 ? 0 : before + 1;
    const own = text.slice(from, Math.floor(((before + value.length) * 8) / 6));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
