import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "@longwire/shared/client/client.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => await browser?.close());

interface Watched {
  readonly page: Page;
  /** The lines that are on the screen. */
  readonly lines: () => Promise<string[]>;
  /** All that is loaded. */
  readonly copied: () => Promise<string>;
  /** Goes to an end of what is loaded, by the keyboard, until this is loaded. */
  readonly scroll: (key: "Shift+Home" | "Shift+End", wanted: string) => Promise<void>;
  readonly wrongs: readonly string[];
}

/** As a hand does: xterm finds out by itself what lies under the pointer. */
async function clickLine(page: Page, line: Locator): Promise<void> {
  const box = await line.boundingBox();
  if (box === null) throw new Error("the line is not on the screen");
  await page.mouse.move(box.x + 40, box.y + 2);
  await page.mouse.move(box.x + 42, box.y + box.height / 2, { steps: 3 });
  await page.mouse.down();
  await page.mouse.up();
}

/** The page of a process, signed in, once its terminal is there. */
async function watch(name: string): Promise<Watched> {
  const { url, token, machine_id: machine } = on.product.ready;
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  const wrongs = watchPage(page);
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), token);
  await page.goto(`${url}/#/m/${machine}/p/${name}`);
  await page.locator('.tty[data-state="following"] .xterm-rows').waitFor();
  const lines = async (): Promise<string[]> =>
    await page.locator(".xterm-rows > div").evaluateAll((rows) => rows.map((row) => row.textContent.trimEnd()));
  const copied = async (): Promise<string> => {
    await page.getByRole("button", { name: "Copy" }).click();
    return await page.evaluate<string>("navigator.clipboard.readText()");
  };
  return {
    page,
    lines,
    wrongs,
    copied,
    scroll: async (key, wanted) => {
      await waitUntil(`${wanted} is loaded`, async () => {
        if ((await copied()).includes(wanted)) return true;
        await page.locator(".tty-host").click();
        await page.keyboard.press(key);
        return false;
      });
    },
  };
}

test("[R84] somebody types into a shell, its size follows the page, and a network that goes and comes back costs no line", async () => {
  await on.api.start({ argv: ["bash", "--norc"], name: "shell", tty: true, env: { PS1: "$ " } });
  const { page, lines, copied, wrongs } = await watch("shell");
  const says = async (what: string, pattern: RegExp): Promise<void> => {
    await waitUntil(what, async () => (await lines()).some((line) => pattern.test(line)));
  };
  await page.locator(".tty-host").click();
  const { keyboard } = page;
  // It has the page's size once somebody sits at it; that is told soon after.
  await waitUntil("it has another size than it began with", async () => {
    await keyboard.type("clear; stty size\n");
    return (await lines()).some((line) => /^\d+ \d+$/.test(line) && line !== "24 80");
  });
  const wide = (await lines()).find((line) => /^\d+ \d+$/.test(line));
  await page.setViewportSize({ width: 700, height: 560 });
  await waitUntil("the shell sees the page's new size", async () => {
    await keyboard.type("clear; stty size\n");
    return (await lines()).some((line) => /^\d+ \d+$/.test(line) && line !== wide);
  });
  await keyboard.type("clear; for i in $(seq 1 300); do echo $i; sleep 0.01; done; echo all''done\n");
  await says("it prints", /^50$/);
  await page.context().setOffline(true);
  await page.evaluate("window.dispatchEvent(new Event('online'))");
  await page.getByText("Connection lost").waitFor();
  await page.context().setOffline(false);
  await says("it has come to its end", /^alldone$/);
  const numbers = (await copied()).split("\n").filter((line) => /^\d+$/.test(line));
  expect(numbers).toEqual(Array.from({ length: 300 }, (_, at) => String(at + 1)));
  await page.locator(".tty-host").click();
  await keyboard.press("Shift+F6");
  expect(await page.evaluate("document.activeElement?.ariaLabel")).toBe("Pause");
  expect(wrongs).toEqual([]);
  await page.context().close();
});

test("[R83] what a program prints opens nothing, names nothing, copies nothing, and is answered only where somebody sits at it", async () => {
  const titles = String.raw`\e]0;OWNED\a\e]2;OWNED\a\e]52;c;T1dORUQ=\a`;
  const links = String.raw`\e]8;;javascript:alert(1)\e\\bad-link\e]8;;\e\\`;
  const unanswered = String.raw`\e[21t\e[18t\eP$qm\e\\\e]10;?\a\e]4;1;?\a`;
  const questions = String.raw`\e[c\e[6n\e[>c\e[?25$p`;
  const command = `stty -echo -icanon; printf '${titles}${links}\\n<img src=x onerror=alert(1)>\\n${unanswered}${questions}'; exec cat -v`;
  await on.api.start({ command, name: "hostile", tty: true });
  const { page, lines, wrongs } = await watch("hostile");
  await waitUntil("it has printed", async () => (await lines()).some((line) => line.includes("onerror")));
  const title = await page.title();
  expect(title).not.toContain("OWNED");
  await clickLine(page, page.locator(".xterm-rows > div", { hasText: "bad-link" }));
  await page.locator(".tty-host").click();
  await page.keyboard.type("|typed|");
  await waitUntil("what is typed comes back", async () => (await lines()).join("").includes("|typed|"));
  // It came before anybody sat there, so nothing came before what was typed.
  expect((await lines()).join("\n")).not.toMatch(/\^\[/);
  const { process_id: id } = await on.api.process("hostile");
  const { output_bytes: bytes } = await on.api.process(id);
  await page.reload();
  await page.locator('.tty[data-state="following"]').waitFor();
  await waitUntil("it is drawn again", async () => (await lines()).join("").includes("|typed|"));
  await page.locator(".tty-host").click();
  await page.keyboard.type("again");
  await waitUntil("it comes back", async () => (await lines()).join("").includes("again"));
  expect((await on.api.process(id)).output_bytes).toBe(bytes + "again".length);
  expect(page.context().pages()).toHaveLength(1);
  expect(await page.evaluate("navigator.clipboard.readText()")).not.toContain("OWNED");
  expect(await page.locator(".tty img").count()).toBe(0);
  expect(wrongs).toEqual([]);
  await page.context().close();
});

test("[R84] [R80] what came too fast is a line that leads to it; scrolling back and forth, the first error and a search find all there is", async () => {
  const lines60 = "seq -f 'line %.0f of the output' 1 60000";
  const command = `read go; ${lines60}; echo 'src/a.ts(1,2): error TS2304: Cannot find name x.'; seq -f 'after %.0f' 1 200000; echo end''ed; read go`;
  const { process_id: id } = await on.api.start({ command, name: "long" });
  const { page, lines, scroll, copied, wrongs } = await watch("long");
  const client = createClient(on.product.ready);
  const has = (pattern: RegExp) => async (): Promise<boolean> => (await lines()).some((line) => pattern.test(line));
  // The page draws nothing until all of it is printed.
  const debugging = await page.context().newCDPSession(page);
  await debugging.send("Debugger.enable");
  await debugging.send("Debugger.pause");
  await client.input("long", { text: "go", enter: true });
  await client.waitForLog("long", "^ended$");
  await debugging.send("Debugger.disable");
  await waitUntil("the end is drawn", has(/^ended$/));
  const text = await copied();
  expect(text).toMatch(/^── \d\.\d MB not shown here\. Show them ──$/m);
  const last = /^(.*)\n── /m.exec(text)?.[1] ?? "";
  const skipped = page.locator(".xterm-rows > div", { hasText: "not shown here" }).first();
  await page.getByRole("button", { name: "Search (" }).click();
  const field = page.getByRole("searchbox", { name: "Search the output" });
  await field.fill("not shown here");
  await skipped.waitFor();
  await clickLine(page, skipped);
  await waitUntil("what was skipped is shown", async () => (await copied()).includes(`\n${last}`));

  await page.getByRole("button", { name: "First error" }).click();
  await waitUntil("the error is shown", has(/error TS2304/));
  expect((await lines()).filter((line) => line === "line 60000 of the output" || line === "after 1")).toHaveLength(2);
  await scroll("Shift+Home", "\nline 50000 of");
  await scroll("Shift+End", "\nafter 30000\n");
  // What is loaded may end within a line.
  const whole = (await copied()).split("\n").slice(0, -1);
  const numbers = whole.flatMap((line) => /^after (\d+)$/.exec(line)?.[1] ?? []);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, at) => String(at + Number(numbers[0]))));

  await field.fill("line 12345 ");
  await page.getByRole("button", { name: "All output" }).click();
  await page.getByRole("button", { name: "line 12345 of the output" }).click();
  await waitUntil("what was found is shown", has(/^line 12345 /));
  await page.getByRole("button", { name: "Jump to the end" }).click();
  await waitUntil("its end is shown", has(/^ended$/));
  await page.getByRole("button", { name: "Times" }).click();
  await waitUntil("times stand beside the lines", async () =>
    /^\d\d:\d\d:\d\d\.\d$/.test((await page.locator(".tty-times > span").first().textContent()) ?? ""),
  );
  await page.getByRole("textbox", { name: "A line for its input" }).fill("go");
  await page.getByRole("button", { name: "Send" }).click();
  await waitUntil("it has read its line", async () => (await on.api.process(id)).state === "exited");
  const saving = page.waitForEvent("download");
  await page.evaluate("delete window.showSaveFilePicker");
  await page.getByRole("button", { name: "Download all of it" }).click();
  expect((await saving).suggestedFilename()).toMatch(/^p\d+-1\.out$/);
  expect(wrongs).toEqual([]);
  await page.context().close();
});
