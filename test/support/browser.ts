// A real browser: one that is installed, or the Chromium that ships inside a package.

import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type LaunchOptions, type Page } from "playwright-core";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { importOutside } from "./outside.ts";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
];
/** Unpacking takes seconds; whoever held this longer is gone. */
const staleMs = 60_000;

interface Packed {
  readonly default: { readonly executablePath: () => Promise<string> };
}

/** Its file. Test files run beside each other, and unpacking is no single step, so one unpacks at a time. */
async function chromiumFile(): Promise<string> {
  const found = [process.env["CHROMIUM_PATH"] ?? "", ...installed].find((file) => file !== "" && existsSync(file));
  if (found !== undefined) return found;
  const { default: packed } = (await importOutside("@sparticuz/chromium")) as Packed;
  const lock = path.join(tmpdir(), "chromium-unpacking");
  await waitUntil("nobody else unpacks the browser", () => takeLock(lock), staleMs * 2);
  try {
    return await packed.executablePath();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > staleMs) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** For who closes it when a signal comes, too: of itself it would end this process at once. */
export const heedsNoSignal = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

/** To be closed in the end. Its security is a user's browser's: nothing of it is turned off but the sandbox, as root. */
export async function openBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = await chromiumFile();
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return await chromium.launch({ executablePath, args: [...args, "--disable-gpu"], headless: true, ...options });
}

/** What a page must not have at a test's end: errors of scripts, and what its policy refused. */
export function watchPage(page: Page): readonly string[] {
  const wrongs: string[] = [];
  page.on("pageerror", (error) => wrongs.push(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted ?Type/i.test(message.text())) wrongs.push(message.text());
  });
  return wrongs;
}
