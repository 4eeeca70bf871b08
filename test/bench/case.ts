/**
 * One way of measuring, in four steps: set up, measure, verify, tear down. Only the second is clocked; the third judges
 * every byte that was measured. A measurement that takes too long is broken off, and what is missing of it is lost.
 */
import type { Figures, Measurement } from "./measurement.ts";
import { type Faults, isFaultless, noFaults } from "./order.ts";
import type { Subject } from "./subject.ts";

const PATIENCE_MS = 120_000;

/** The steps of a case whose measurement keeps its state in an `S`, for subjects of type `T`. */
export interface CaseSteps<T extends Subject, S> {
  /** What it is called on the command line; several variants may share it. */
  readonly name: string;
  readonly variant?: string;
  /** More rounds would not say more. */
  readonly maxRounds?: number;
  /** The subject is started anew before each measurement. */
  readonly isFresh?: boolean;
  readonly patienceMs?: number;
  /** How output is read matters: subjects that differ from another one in that alone are measured too. */
  readonly everyReader?: boolean;
  fits(subject: Subject): subject is T;
  setUp(subject: T): Promise<S>;
  measure(state: S): Promise<Figures>;
  /** What is wrong with the output; called also after a measurement that broke off. */
  verify(state: S): Faults;
  tearDown(state: S): Promise<void>;
}

/** A case, ready to be measured. */
export interface Case {
  readonly name: string;
  readonly variant: string;
  readonly maxRounds: number;
  /** Null where this case has nothing to say of the subject. */
  readonly measure: (subject: Subject) => Promise<Measurement> | null;
}

/** Puts the steps together. */
export function defineCase<T extends Subject, S>(steps: CaseSteps<T, S>): Case {
  return {
    name: steps.name,
    variant: steps.variant ?? "",
    maxRounds: steps.maxRounds ?? Infinity,
    measure: (subject) =>
      steps.fits(subject) && (steps.everyReader === true || subject.variantOf === undefined)
        ? take(steps, subject)
        : null,
  };
}

async function take<T extends Subject, S>(steps: CaseSteps<T, S>, subject: T): Promise<Measurement> {
  const patienceMs = steps.patienceMs ?? PATIENCE_MS;
  try {
    if (steps.isFresh === true) {
      await subject.stop();
      await subject.start();
    }
    const state = await patiently(steps.setUp(subject), patienceMs);
    try {
      const figures = await patiently(steps.measure(state), patienceMs);
      const faults = steps.verify(state);
      return { figures: isFaultless(faults) ? figures : {}, faults, trouble: null };
    } catch (error) {
      return { figures: {}, faults: steps.verify(state), trouble: describe(error) };
    } finally {
      await patiently(steps.tearDown(state), patienceMs);
    }
  } catch (error) {
    return { figures: {}, faults: noFaults, trouble: describe(error) };
  }
}

async function patiently<V>(work: Promise<V>, patienceMs: number): Promise<V> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`it took more than ${patienceMs / 1000} s`)), patienceMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** With its cause, which is where a failed fetch says why. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
