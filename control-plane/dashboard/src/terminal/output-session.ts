// One run on the screen: follows what it prints, loads what lies further back as somebody scrolls there, jumps to places,
// types. What is on the screen is always one stretch of the output, which `loaded-output.ts` keeps.
//
//   following ──scrolled up, a place is opened──► paused ──scrolled to the end, resumed──► following

import { Caller } from "@longwire/shared/client/caller.ts";
import { createClient, type Client } from "@longwire/shared/client/client.ts";
import type { Act } from "@longwire/shared/client/acts.ts";
import { LiveTerminal, type TerminalConnection } from "@longwire/shared/client/live-terminal.ts";
import type { OutputStep } from "@longwire/shared/client/output-place.ts";
import { drawSteps, splitAt } from "./draw-steps.ts";
import { firstError } from "./first-error.ts";
import {
  beginOf,
  chunkBytes,
  type DrawnStep,
  fromWhatIsGone,
  fromWholeLine,
  leadBytes,
  LoadedOutput,
} from "./loaded-output.ts";
import type { Screen } from "./screen.ts";
import { Stretches } from "./stretches.ts";
import type { TerminalProps } from "./terminal-props.ts";

export interface SessionState {
  readonly connection: TerminalConnection;
  readonly isFollowing: boolean;
  readonly isLoading: boolean;
  readonly hasEnded: boolean;
  /** Where the last stretch begins that is not shown; null: none is missing. */
  readonly notShown: number | null;
  /** What went wrong last, in words; null: nothing. */
  readonly problem: string | null;
}

/** What is shown of a run at first. */
const tailBytes = 96 * 1024;
/** A flood is drawn so seldom: a page has more to do. */
const floodPauseMs = 80;

export class OutputSession {
  readonly client: Client;
  readonly #props: TerminalProps;
  readonly #screen: Screen;
  readonly #live: LiveTerminal;
  readonly #stretches: Stretches;
  readonly #tell: (state: SessionState) => void;
  #state: SessionState;
  #loaded = new LoadedOutput(0);
  /** Which stretch was asked for last. What one asked for before it still reads is not shown any more. */
  #lastLoad = 0;
  #hasBegun = false;
  /** What was printed before this is told to nobody: its questions are long answered. */
  #liveFrom = Infinity;
  #isLive = false;

  constructor(props: TerminalProps, screen: Screen, tell: (state: SessionState) => void) {
    const { client, process, run, hasEnded } = props;
    this.#props = props;
    this.#screen = screen;
    this.#tell = tell;
    this.#state = {
      connection: "connecting",
      isFollowing: true,
      isLoading: true,
      hasEnded,
      notShown: null,
      problem: null,
    };
    this.client = createClient(client);
    this.#live = new LiveTerminal(new Caller(client), {
      process,
      run,
      draw: async (steps) => await this.#take(steps),
      onConnection: (connection) => {
        this.#change({ connection });
        if (connection === "open" && !this.#hasBegun) this.#attempt(async () => await this.tail());
      },
      onExpired: () => this.#expired(),
      onRefused: ({ message }) => this.#change({ connection: "lost", problem: message }),
    });
    const read = (from: number, to: number): Promise<readonly OutputStep[]> => this.#live.read(from, to);
    this.#stretches = new Stretches({ client: this.client, process, run, read });
    tell(this.#state);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Whether what is being drawn is happening now. */
  get isLive(): boolean {
    return this.#isLive && !this.#state.hasEnded;
  }

  #change(part: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...part };
    this.#tell(this.#state);
  }

  #attempt(what: () => Promise<void>): void {
    what().catch((error: unknown) => {
      this.#change({ problem: error instanceof Error ? error.message : String(error) });
    });
  }

  #clear(offset: number): void {
    this.#loaded = new LoadedOutput(offset);
    this.#change({ notShown: null });
    this.#screen.clear();
  }

  /** Shows the end of what was printed, and follows. */
  async tail(): Promise<void> {
    this.#hasBegun = true;
    this.#live.unfollow();
    await this.#loading(async (isCurrent) => {
      const printed = await this.#stretches.printed();
      if (!isCurrent()) return;
      const from = Math.max(0, printed - tailBytes);
      this.#clear(from);
      this.#liveFrom = printed;
      this.#stretches.isKept = false;
      this.#change({ isFollowing: true });
      this.#live.follow(from, from === 0);
    });
  }

  /** Nothing is on the screen yet, and will not come by itself: shows what is kept of it, and follows from there. */
  #expired(): void {
    if (this.#stretches.isKept || this.#loaded.steps.length > 0 || this.#liveFrom === 0) return;
    this.#stretches.isKept = true;
    this.#live.unfollow();
    this.#attempt(async () => {
      await this.#loading(async (isCurrent) => {
        const printed = await this.#stretches.printed();
        const steps = await this.#stretches.read(Math.max(0, printed - tailBytes), printed);
        if (!isCurrent()) return;
        this.#liveFrom = printed;
        this.#loaded.append(steps);
        await this.#draw(steps);
        if (this.#state.isFollowing) this.#live.follow(printed, true);
      });
    });
  }

  pause(): void {
    this.#live.unfollow();
    if (this.#state.isFollowing) this.#change({ isFollowing: false });
  }

  /** Goes on from what is on the screen; what is too much is skipped. */
  resume(): void {
    this.#screen.terminal.scrollToBottom();
    if (this.#state.isFollowing) return;
    this.#change({ isFollowing: true });
    this.#live.follow(this.#loaded.to, true);
  }

  /** After somebody scrolled. */
  scrolled(): void {
    const { isFollowing, isLoading } = this.#state;
    if (isLoading || this.#screen.terminal.buffer.active.type === "alternate") return;
    if (this.#screen.isAtBeginning && this.#loaded.from > 0) return this.#attempt(async () => await this.#older());
    if (isFollowing && !this.#screen.isAtEnd) return this.pause();
    if (!isFollowing && this.#screen.isAtEnd) this.#attempt(async () => await this.#newer());
  }

  async #take(steps: readonly OutputStep[]): Promise<void> {
    if (!this.#state.isFollowing) return;
    const drawn: DrawnStep[] = [];
    for (const step of steps) {
      if (step.type === "end") this.#change({ hasEnded: true });
      else drawn.push(step);
    }
    const isFirst = this.#loaded.steps.length === 0;
    const whole = isFirst ? fromWholeLine(drawn, this.#loaded.from === 0) : this.#loaded.news(drawn);
    this.#loaded.append(whole);
    await this.#draw(whole);
    const skipped = whole.findLast(({ type }) => type === "skipped");
    if (skipped?.type !== "skipped") return;
    this.#change({ notShown: skipped.from });
    await new Promise((resolve) => setTimeout(resolve, floodPauseMs));
  }

  async #draw(steps: readonly DrawnStep[]): Promise<void> {
    const open = (offset: number): void => this.openAt(offset);
    await drawSteps(this.#screen, steps, open, (offset) => {
      this.#isLive = offset >= this.#liveFrom;
    });
  }

  async #older(): Promise<void> {
    this.pause();
    await this.#loading(async (isCurrent) => {
      const { from: end } = this.#loaded;
      const from = Math.max(0, end - chunkBytes);
      const read = fromWholeLine(fromWhatIsGone(await this.#stretches.read(from, end)), from === 0);
      if (!isCurrent() || this.#loaded.from !== end) return;
      const begin = read[0] === undefined ? from : beginOf(read[0]);
      this.#loaded.prepend(begin, read);
      const top = this.#screen.terminal.buffer.active.viewportY;
      const { steps } = this.#loaded;
      this.#screen.clear();
      await this.#draw(steps.slice(0, read.length));
      const { line } = this.#screen;
      await this.#draw(steps.slice(read.length));
      this.#screen.terminal.scrollToLine(line + top);
    });
  }

  async #newer(): Promise<void> {
    await this.#loading(async (isCurrent) => {
      const { to } = this.#loaded;
      const printed = await this.#stretches.printed();
      if (!isCurrent()) return;
      if (printed - to <= chunkBytes) return this.resume();
      const read = await this.#stretches.read(to, to + chunkBytes);
      if (!isCurrent()) return;
      const news = this.#loaded.news(read);
      this.#loaded.append(news);
      await this.#draw(news);
    });
  }

  /** Shows the output around a place, and rests there. */
  openAt(offset: number): void {
    this.#attempt(async () => {
      this.pause();
      await this.#loading(async (isCurrent) => {
        const printed = await this.#stretches.printed();
        const from = Math.max(0, offset - leadBytes);
        const read = await this.#stretches.read(from, Math.min(printed, offset + chunkBytes));
        if (!isCurrent()) return;
        const steps = fromWholeLine(read, from === 0);
        this.#clear(from);
        this.#loaded.append(steps);
        const { before, behind } = splitAt(steps, offset);
        await this.#draw(before);
        const { line } = this.#screen;
        await this.#draw(behind);
        const { terminal } = this.#screen;
        terminal.scrollToLine(Math.max(0, line - Math.floor(terminal.rows / 3)));
        terminal.selectLines(line, line);
      });
    });
  }

  /** Shows the first error of the run; whether there is one. */
  async openFirstError(): Promise<boolean> {
    const { process, run } = this.#props;
    const found = firstError((await this.client.digest(process, { run })).output);
    if (found !== null) this.openAt(found.offset);
    return found !== null;
  }

  async #loading(what: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    const load = ++this.#lastLoad;
    const isCurrent = (): boolean => load === this.#lastLoad;
    this.#change({ isLoading: true, problem: null });
    try {
      await what(isCurrent);
    } finally {
      if (isCurrent()) this.#change({ isLoading: false });
    }
  }

  /** Does something to the run, in the order of the calls; what is refused is shown. */
  act(act: Act): void {
    this.#attempt(async () => await this.#live.act(act));
  }

  redial(): void {
    this.#live.redial();
  }

  close(): void {
    this.#live.close();
  }
}
