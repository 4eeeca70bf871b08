import fc from "fast-check";
import { expect, test } from "vitest";
import { indexOf } from "./needles.ts";
import { Redactor } from "./redactor.ts";

/** Longer than what tells it, and without a part that is like another. */
const long = Array.from({ length: 25 }, (_, at) => `${at}`.padStart(4, "L")).join("");
const values = [
  "correct-horse-battery",
  "aaaaaaaaab",
  "aaabaaaaaa",
  "pässwörd/with+ümlaut",
  long,
  "horse-battery-staple",
];
const index = indexOf({ values, patterns: ["corp-[a-z0-9]{20}", "[0-9]{4}-[0-9]{4}-[0-9]{4}"] });
const token = `ghp_${"Ab1".repeat(12)}`;
const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc/+=\nMIIE0123\n-----END RSA PRIVATE KEY-----";

function redact(
  chunks: readonly (string | Uint8Array)[],
  between: (redactor: Redactor) => Buffer[] = () => [],
): string {
  const redactor = new Redactor(index);
  const out = chunks.flatMap((chunk) => [
    Buffer.from(redactor.feed(Buffer.from(chunk as Uint8Array))),
    ...between(redactor),
  ]);
  return Buffer.concat([...out, redactor.end()]).toString("latin1");
}
const text = (one: string): string => Buffer.from(one, "latin1").toString();

test("[T50] tokens and keys are masked by what they look like", () => {
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_d-";
  const lw = `lw_${"a".repeat(43)}_${"B".repeat(49)}`;
  const secrets = [token, `github_pat_${"a1_".repeat(28)}`, `glpat-${"a".repeat(20)}`, `npm_${"a".repeat(36)}`, jwt, lw]
    .concat([
      `pypi-AgEIcHlwaS5vcmc${"a".repeat(60)}`,
      `xoxb-123456789012-${"a".repeat(24)}`,
      `sk_live_${"a".repeat(24)}`,
    ])
    .concat([
      `AKIA${"A2".repeat(8)}`,
      `AIza${"a".repeat(35)}`,
      `sk-ant-api03-${"a".repeat(80)}AA`,
      `sk-${"aB".repeat(24)}`,
    ])
    .concat([
      key,
      key.replaceAll("\n", "\r\n"),
      key.replaceAll("\n", "\\n"),
      `rk_live_${"a".repeat(24)}`,
      `hf_${"a".repeat(34)}`,
    ]);
  for (const secret of secrets) expect(redact([`<${secret}>`])).toBe("<[redacted]>");
});

test("[T50] what stands around a secret is left: the header, the name, the user of a URL", () => {
  const cases = [
    ["Authorization: Bearer abcdefghijklmnop.qrs~", "Authorization: Bearer [redacted]"],
    ["authorization: Basic dXNlcjpwYXNz", "authorization: Basic [redacted]"],
    ["postgres://me:hunter2@db:5432/x", "postgres://me:[redacted]@db:5432/x"],
    [`AWS_SECRET_ACCESS_KEY=${"a/".repeat(20)}`, "AWS_SECRET_ACCESS_KEY=[redacted]"],
    [`"SecretAccessKey": "${"a".repeat(40)}"`, `"SecretAccessKey": "[redacted]"`],
  ] as const;
  for (const [given, expected] of cases) expect(redact([given])).toBe(expected);
});

test("[T50] what only looks alike is left", () => {
  const plain = [
    "see https://example.com/a:b@c and http://localhost:5173/ and https://me@host/",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "task-force sk-short npm_config_cache lw_core eyJust AKIA bearer of news ----------- a://b",
  ];
  for (const one of plain) expect(redact([one])).toBe(one);
});

test("[T51] a value is masked as it is, in base 64 at any place, in URLs and in JSON", () => {
  const [value = "", , , odd = ""] = values;
  for (const before of ["", "a", "ab"]) {
    for (const encoding of ["base64", "base64url"] as const) {
      const out = redact([Buffer.from(`${before}${odd}--`).toString(encoding)]);
      expect(out).toContain("[redacted]");
      expect(out.replace("[redacted]", "").length).toBeLessThanOrEqual(9);
    }
  }
  for (const form of [
    value,
    odd,
    encodeURIComponent(odd),
    JSON.stringify(odd),
    String(new URLSearchParams({ a: odd })),
  ]) {
    expect(text(redact([form]))).toMatch(/^"?(a=)?\[redacted\]"?$/);
  }
  expect(redact(['{"a":"p\\u00e4ssw\\u00f6rd\\/with+\\u00fcmlaut"}'])).toContain("[redacted]");
});

test("[T51] secrets that overlap are masked as one, and a long one as far as it goes", () => {
  expect(redact(["correct-horse-battery-staple!"])).toBe("[redacted]!");
  expect(redact([`${long.slice(0, 80)}!`])).toBe("[redacted]!");
  expect(redact([`corp-${"a1".repeat(10)}1234-5678-9012`])).toBe("[redacted]");
});

const pieces = fc.constantFrom(
  ...values,
  ...values.map((value) => value.slice(0, value.length / 2)),
  ...values.map((value) => value.slice(3)),
  ...values.map((value) => Buffer.from(value).toString("base64")),
  ...[
    token,
    token.slice(0, 20),
    key,
    key.slice(0, 40),
    "ghp_",
    "sk-",
    "://",
    "http://u:",
    "pass@",
    "Bearer ",
    "abcdefghijklmnop",
  ],
  ...["eyJhbGciOiJI", ".", "-----", "corp-", "0000-", "\n", "a", "aaa", "b", " ", "é", "€", '"', "plain text\r\n"],
);
const script = fc.array(pieces, { maxLength: 14 }).map((parts) => Buffer.from(parts.join("")));
const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.byteLength; at += sizes[(chunks.length - 1) % sizes.length] ?? 1) {
    chunks.push(bytes.subarray(at, at + (sizes[chunks.length % sizes.length] ?? 1)));
  }
  return chunks;
}

test("[T52] the result is the same however the stream is cut", () => {
  fc.assert(
    fc.property(script, cuts, (bytes, sizes) => {
      expect(redact(cut(bytes, sizes))).toBe(redact([bytes]));
    }),
    { numRuns: 400 },
  );
});

test("[T52] nothing of a whole value is left, whatever stands around it", () => {
  fc.assert(
    fc.property(script, fc.constantFrom(...values), script, cuts, (before, value, after, sizes) => {
      const out = redact(cut(Buffer.concat([before, Buffer.from(value), after]), sizes));
      for (const one of values) expect(out).not.toContain(Buffer.from(one).toString("latin1"));
      expect(out).toContain("[redacted]");
    }),
    { numRuns: 400 },
  );
});

test("[T52] bytes without a secret come through as they are", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 12 }), (chunks) => {
      expect(redact(chunks)).toBe(Buffer.concat(chunks).toString("latin1"));
    }),
    { numRuns: 400 },
  );
});

test("[T52] only what may begin a secret is held back", () => {
  const redactor = new Redactor(indexOf({ values, patterns: [] }));
  const feed = (chunk: string): string => redactor.feed(Buffer.from(chunk)).toString();
  expect(feed("no newline here? [y/N] ")).toBe("no newline here? [y/N] ");
  expect(redactor.holds).toBe(false);
  expect(feed("it is correct-hor")).toBe("it is ");
  expect(feed("ses")).toBe("correct-horses".slice(0, -1));
  expect(feed("!")).toBe("s!");
  expect(feed(long.slice(0, 72))).toBe("[redacted]");
  expect(redactor.holds).toBe(false);
});

test("[T53] of what is held back a silent stream shows three bytes, and what comes then is masked still", () => {
  fc.assert(
    fc.property(script, fc.constantFrom(...values, token), cuts, (before, secret, sizes) => {
      const bytes = Buffer.concat([before, Buffer.from("|"), Buffer.from(secret), Buffer.from("|")]);
      const out = redact(cut(bytes, sizes), (redactor) => [redactor.release()]);
      const [, shown = "", rest] = out.split("|");
      expect(rest).toBe("");
      expect(shown.endsWith("[redacted]")).toBe(true);
      expect(shown.length).toBeLessThanOrEqual("[redacted]".length + 3);
    }),
    { numRuns: 400 },
  );
});

test("[T53] a prompt that begins like a secret is shown", () => {
  const redactor = new Redactor(index);
  const feed = (chunk: string): string => redactor.feed(Buffer.from(chunk)).toString();
  expect(feed("login http://user:") + redactor.release().toString()).toBe("login http://user:");
  expect(feed("pass") + redactor.release().toString()).toBe("");
  expect(feed("@h ")).toBe("[redacted]@h ");
  expect(feed("cor") + redactor.release().toString() + feed("n ")).toBe("corn ");
});

test("[T53] a stream that ends in the middle of a value does not show its half", () => {
  expect(redact(["so: correct-horse-ba"])).toBe("so: [redacted]");
  expect(redact(["so: correct"])).toBe("so: correct");
});
