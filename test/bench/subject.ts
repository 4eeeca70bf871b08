/**
 * What is measured: something that runs children and brings their output to remote viewers. The bench process is every
 * viewer of every subject; children, servers and senders are other processes. What the bytes mean is the cases' matter.
 */

/** An executable and its arguments. */
export type Argv = readonly [string, ...string[]];

/** Takes a chunk of one job's output, in order; the bytes may be reused after it returns. */
export type OnChunk = (job: number, bytes: Uint8Array) => void;

/** One thing to measure. Whatever it starts, it ends. */
export interface Subject {
  readonly name: string;
  /** The subject from which this one differs in the way of reading alone. */
  readonly variantOf?: string;
  /** Resolves when jobs can be run; set-up is no part of a measurement. */
  start(): Promise<void>;
  /** Makes these jobs ready to be asked for, so that viewers can be there first. */
  begin(jobs: readonly Argv[]): Promise<Run>;
  /** The pids of the programs it consists of, without what those started. */
  pids(): number[];
  /** Ends everything and removes its files, also in the middle of a run or a start. Twice is fine. */
  stop(): Promise<void>;
}

/** Some jobs, from before they are asked for to after their end. */
export interface Run {
  /** Attaches a viewer of all jobs; resolves when it is there. */
  follow(onChunk: OnChunk): Promise<Following>;
  /** Asks for the jobs, all at once; resolves when they were asked for. */
  ask(): Promise<void>;
  /** Takes back what the run needed. */
  close(): Promise<void>;
}

/** A viewer. */
export interface Following {
  /** Resolves when all jobs ended and all their output was handed over; rejects when some of it cannot come. */
  readonly complete: Promise<void>;
  close(): void;
}

/** A subject that can end a job, its first and only one. */
export interface StoppableRun extends Run {
  /** Resolves when the job and all it started are gone. */
  stop(): Promise<void>;
}

/** A subject that stores what it relays, serves many viewers over sockets, and holds many machines. */
export interface StoringSubject extends Subject {
  begin(jobs: readonly Argv[]): Promise<StoredRun>;
  /** The address of its sockets; a proxy before it takes its place in `followAt`. */
  url(): string;
  /** Rows in its store, all runs together. */
  countRows(): number;
  /** Connects one more machine that does nothing. */
  connectMachine(): Promise<IdleMachine>;
}

export interface StoredRun extends Run {
  /** A viewer that comes by another address. */
  followAt(url: string, onChunk: OnChunk): Promise<Following>;
  /** One read by a reader nobody holds a place for: what was stored since the last one; whether that was all. */
  poll(onChunk: OnChunk): Promise<boolean>;
  /** Reads all that is stored of the jobs from the beginning, as a viewer that comes late. */
  replay(onChunk: OnChunk): Promise<Following>;
}

/** A connected machine that runs nothing. */
export interface IdleMachine {
  /** From dialling to being served. */
  readonly welcomeMs: number;
  isConnected(): boolean;
  close(): void;
}

/** Whether viewers of the subject may be elsewhere, as those of a bare spawn may not. */
export function isRemote(subject: Subject): subject is Subject {
  return subject.name !== "spawn";
}

/** Whether the subject stores what it relays. */
export function isStoring(subject: Subject): subject is StoringSubject {
  return "countRows" in subject;
}

/** Whether the run can be stopped. */
export function isStoppable(run: Run): run is StoppableRun {
  return "stop" in run;
}
