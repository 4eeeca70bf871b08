import { expect, test } from "vitest";
import { isEnvFile } from "./read-env-files.ts";
import { namesSecret } from "./secret-names.ts";
import { findSecretValues, type SecretFacts, type Variables } from "./secret-values.ts";

function find(environment: Variables, more: Partial<SecretFacts> = {}): string[] {
  return findSecretValues({ environments: [environment], files: [], listed: [], exists: () => false, ...more });
}

test("[T51] what a variable's name says", () => {
  const secret = [
    "TOKEN",
    "GITHUB_TOKEN",
    "API_KEY",
    "apiKey",
    "DB_PASSWORD",
    "PGPASSWORD",
    "MYSQL_PWD",
    "SECRET_KEY_BASE",
  ].concat(["AWS_SECRET_ACCESS_KEY", "NPM_TOKEN_RO", "GOOGLE_CREDENTIALS", "stripe-secret", "SENTRY_DSN", "GH_PAT"]);
  const plain = [
    "PWD",
    "OLDPWD",
    "PATH",
    "KEYBOARD",
    "MONKEY",
    "AWS_ACCESS_KEY_ID",
    "TOKEN_TTL",
    "SSH_KEY_PATH",
    "PASSENGER",
  ].concat(["NEXT_PUBLIC_API_KEY", "VITE_TOKEN", "PUBLIC_KEY", "SECRET_NAME", "TOKENIZERS", "HOME", "SSH_AUTH_SOCK"]);
  expect(secret.filter((name) => !namesSecret(name))).toEqual([]);
  expect(plain.filter((name) => namesSecret(name))).toEqual([]);
});

test("[T51] short values, numbers, common words, addresses and files are no secrets", () => {
  const values = [
    "true",
    "1234567",
    "2026-11-21",
    "postgres",
    "Password",
    "https://id.example.com/keys",
    "/home/me/key.json",
  ];
  for (const value of values) expect(find({ A_SECRET: value }, { exists: () => true })).toEqual([]);
  expect(find({ A_SECRET: "/not/a/file", B_KEY: " a word with room " })).toEqual(["/not/a/file", "a word with room"]);
});

test("[T51] of an address the password is one, whatever the variable's name", () => {
  expect(find({ DATABASE_URL: "postgres://me:hunter%212x@db:5432/app" })).toEqual(["hunter%212x", "hunter!2x"]);
  expect(find({ DATABASE_URL: "postgres://me:postgres@db/app", OTHER: "amqp://guest:guestguest@guestguest/" })).toEqual(
    [],
  );
});

test("[T51] of a value of many lines each line counts by itself", () => {
  const value = "first line of it\nend\nlast line of it\n";
  expect(find({ A_KEY: value })).toEqual([value.trim(), "first line of it", "last line of it"]);
});

test("[T51] in the folder's .env files also what looks made by chance", () => {
  const file = {
    MODE: "development",
    HOST: "api.example.com",
    STRANGE: "9f86d081884c7d659a2feaa0",
    VITE_X: "9f86d081884c7d659a2feaa1",
  };
  expect(find({}, { files: [{ ...file, A_TOKEN: "plainwords" }] })).toEqual(["9f86d081884c7d659a2feaa0", "plainwords"]);
  expect(find(file)).toEqual([]);
  expect([".env", ".env.local", ".env.production"].every((name) => isEnvFile(name))).toBe(true);
  expect([".env.example", ".envrc", "env", ".env.local.sample"].some((name) => isEnvFile(name))).toBe(false);
});

test("[T51] what the owner lists is one, however short: itself, or a variable's value", () => {
  expect(find({ PLAIN: "abcd" }, { listed: ["env:PLAIN", "wxyz", "env:NONE"] })).toEqual(["abcd", "wxyz"]);
});
