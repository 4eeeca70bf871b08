// Asks the owner in a terminal. Which question stands there and what a key means is decided in `prompt-state.ts`; this
// writes, reads, and leaves the terminal as it was.

import type { ApprovalId } from "@longwire/shared/ids.ts";
import { plain } from "../policy-cli/say.ts";
import type { ApprovalDesk } from "./approval-desk.ts";
import { interruptJob, isInForeground, type OwnersTerminal } from "./owners-terminal.ts";
import { type PromptEffect, type PromptInput, type PromptState, stepPrompt } from "./prompt-state.ts";
import { bold, plainText, sayAsked } from "./say-asked.ts";
import { showWhatRuns } from "./show-what-runs.ts";

/** How often it is looked whether the job came to the foreground, while something waits. */
const lookEveryMs = 1000;

export class TerminalPrompt {
  readonly #terminal: OwnersTerminal;
  readonly #approvals: ApprovalDesk;
  #state: PromptState = { type: "idle" };
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** While a decision is being said the next question waits. */
  #isSaying = false;

  constructor(terminal: OwnersTerminal, approvals: ApprovalDesk) {
    this.#terminal = terminal;
    this.#approvals = approvals;
    const { input } = terminal;
    input.setEncoding("utf8");
    input.pause();
    input.on("data", this.#onTyped);
    input.on("end", this.#onGone).on("error", this.#onGone);
    terminal.output.on("error", this.#onGone);
    approvals.onChange.add(this.#look);
    this.#look();
  }

  /** Takes nothing more, and leaves the terminal as it was. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#approvals.onChange.delete(this.#look);
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#listen(false);
  }

  readonly #onGone = (): void => this.close();

  readonly #onTyped = (text: string | Buffer): void => this.#step({ type: "typed", text: String(text) });

  readonly #look = (): void => {
    if (this.#isClosed || this.#isSaying) return;
    const questions = this.#approvals.asked();
    if (questions.length > 0) this.#timer ??= setInterval(this.#look, lookEveryMs).unref();
    else if (this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    const canShow = questions.length > 0 && isInForeground(this.#terminal);
    this.#step({ type: "asked", questions, canShow });
  };

  #step(input: PromptInput): void {
    const { state, effect } = stepPrompt(this.#state, input, performance.now());
    this.#state = state;
    if (effect !== null) this.#do(effect);
  }

  #do(effect: PromptEffect): void {
    switch (effect.type) {
      case "show":
        this.#show(effect.id, effect.others);
        return this.#listen(true);
      case "decide": {
        this.#isSaying = true;
        const decided = this.#approvals.decide(effect.id, effect.decision, "terminal");
        this.#isSaying = false;
        this.#write(`${decided.type === "decided" ? said[effect.decision] : plain(decided.refusal.detail)}\n`);
        break;
      }
      case "drop":
        this.#write("settled elsewhere, or too late\n");
        break;
      case "interrupt":
        this.#write("\n");
        return interruptJob(this.#terminal);
    }
    this.#look();
    if (this.#state.type === "idle") this.#listen(false);
  }

  #show(id: ApprovalId, others: number): void {
    const asked = this.#approvals.asked().find((one) => one.id === id);
    if (asked === undefined) return;
    const { of, what, leftMs, askedBy, canBeAlways } = asked;
    const emphasis = (process.env["NO_COLOR"] ?? "") === "" ? bold : plainText;
    const text = sayAsked(
      { id, process: of.process, run: of.run, askedBy, leftMs, shown: showWhatRuns(what) },
      emphasis,
    );
    const more = others === 0 ? "" : `  ${others === 1 ? "1 other waits" : `${others} others wait`}.\n`;
    const always = canBeAlways ? "[a] always exactly this in this folder   " : "";
    this.#write(`\n${text}${more}${emphasis.on}[o] once   ${always}[n] no${emphasis.off} `);
  }

  /** Keys come one by one, unseen, while a question stands there; otherwise the terminal is left alone. */
  #listen(on: boolean): void {
    const { input } = this.#terminal;
    if (input.destroyed) return;
    if (input.isRaw !== on) input.setRawMode(on);
    if (on) input.resume();
    else input.pause();
  }

  #write(text: string): void {
    if (!this.#terminal.output.destroyed) this.#terminal.output.write(text);
  }
}

const said = {
  once: "once",
  always: "always: it is in the policy file now",
  deny: "no",
} as const;
