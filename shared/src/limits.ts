// Every bound on the wire and in storage, in one place. Sizes are bytes, times are milliseconds.

const KiB = 1024;
const MiB = 1024 * KiB;

/** One binary frame from a runner: header and payload together. */
export const maxFrameBytes = 512 * KiB;
/** One read of a child's pipe: what Linux keeps in one (pipe(7)). */
export const pipeReadBytes = 64 * KiB;
/** Payload of one record: one read, and what of the read before was held back, so that a full read is no two records. */
export const maxRecordPayloadBytes = pipeReadBytes + 2 * KiB;
/** Header of one record as JSON. Holds a whole command line, its working folder and its tags. */
export const maxRecordHeaderBytes = 256 * KiB;
/** Records in one frame, however small they are. */
export const maxFrameRecords = 4096;
/** A text frame of the link or of a viewer. */
export const maxTextFrameBytes = 2 * MiB;
/** Sent to the object and not acknowledged. */
export const linkWindowBytes = 1 * MiB;
export const minLinkWindowBytes = 64 * KiB;
/** What the runner keeps on its way beyond a round trip, in time at the measured rate. A line of another process waits as long behind a flood. */
export const linkQueueMs = 200;
/** At most so much of that: on one machine more fills no link better. */
export const linkQueueBytes = 640 * KiB;
/** So long the object takes one batch after the other before it sees to everything else that came. */
export const floodTurnMs = 5;
/** Spools named in one `hello`. */
export const maxSpools = 10_000;
/** What a runner may say it was told of, so that the seqs after it stay whole numbers. */
export const maxLastSeq = 2 ** 52;
/** How far above what was ever told a restored log goes on. More than a machine's seqs of any second. */
export const restoredLeap = 2 ** 20;
/** Runs asked after in one `welcome`. */
export const maxUnnamedRuns = 1000;
/** Commands repeated in one `welcome`. */
export const maxPendingCommands = 1000;

/** Output a run keeps on its machine until the control plane has it; a child on pipes is slowed at half of it. */
export const spoolBytes = 256 * MiB;
/** The same for all runs of a machine together. */
export const machineSpoolBytes = 1024 * MiB;
/** A spool's file; whole files below the acknowledged record are removed. */
export const segmentBytes = 8 * MiB;

/** How often who watches is told how a machine does. */
export const metricsEveryMs = 2000;
/** Trees and listening ports in one sample. */
export const maxSampledTrees = 1000;
export const maxSampledPorts = 1024;
/** How long a runner may take to answer what is asked and not stored. */
export const answerWithinMs = 5000;

/** An HTTP request's body, and how long it may take to come. */
export const maxBodyBytes = 1 * MiB;
export const bodyWithinMs = 30_000;
/** The body of a request that nobody has signed in for. */
export const maxOpenBodyBytes = 16 * KiB;
export const maxUrlLength = 8192;
export const maxHeaders = 128;
/** Names and values together. */
export const maxHeaderBytes = 32 * KiB;
/** What a viewer sends at a time. */
export const maxViewerMessageBytes = 64 * KiB;
/** What the runner's command line takes of an answer. More than a page of events holds. */
export const maxAnswerBytes = 16 * MiB;
/** A shell command, or an argv's strings together. Below Linux's limit of 128 KiB for one string. */
export const maxCommandBytes = 32 * KiB;
export const maxArguments = 1024;
export const maxPathBytes = 4096;
export const maxNameLength = 64;
export const maxTags = 16;
export const maxEnvironmentEntries = 256;
export const maxEnvironmentValueBytes = 32 * KiB;
export const maxDetailLength = 2000;
export const maxIdempotencyKeyLength = 255;

/** How long a command may still be admitted by the runner after the object stored it. */
export const commandTtlMs = 30_000;
/** How long a caller waits for the runner's first word. */
export const commandWaitMs = 10_000;
/** How long an outcome is remembered under its `Idempotency-Key`. */
export const commandMemoryMs = 24 * 3600_000;

/** Answers a workspace keeps for repeats under an `Idempotency-Key`. */
export const maxKeptAnswers = 10_000;

export const defaultGraceMs = 5000;
export const maxGraceMs = 20_000;
/** A shim without a runner ends its tree after this much waking time. */
export const defaultLeaseMs = 600_000;
/** After the root ended, how long its output may still come from what holds the pipe open. */
export const drainMs = 1000;
/** Processes that live at one time on a machine. */
export const maxLiveProcesses = 20;

/** How long the machine's owner has to approve a start. */
export const approvalTtlMs = 120_000;
/** Starts that wait for the owner at one time. */
export const maxPendingApprovals = 50;
/** What the owner is shown of a start, as text; what is longer is not asked about. */
export const maxShownBytes = 8 * KiB;
export const maxShownLines = 150;

/** Starts and restarts of a machine in any minute, unless the operator says otherwise. */
export const defaultStartsPerMinute = 90;
export const maxStartsPerMinute = 100_000_000;
/** Commands of a machine whose callers wait for their outcome. */
export const maxWaitingCommands = 1000;

/** Runs that wait for their turn on a machine. */
export const maxPendingStarts = 1000;

/** What one request gives to a process's input. */
export const maxInputBytes = 256 * KiB;
export const maxKeys = 256;
export const defaultCols = 80;
export const defaultRows = 24;
export const maxTerminalSide = 1000;
/** Parameters of one named command, and values one of them lists. */
export const maxParams = 64;
export const maxParamValues = 64;
/** The owner's policy file, and commands it names. */
export const maxPolicyBytes = 256 * KiB;
export const maxNamedCommands = 100;
/** Leases, delays of a queue and of restarts. */
export const maxDelayMs = 30 * 24 * 3600_000;

export const maxWaitMs = 50_000;
export const defaultWaitMs = 30_000;
/** How long a process must print nothing to count as idle. */
export const defaultIdleMs = 2000;
export const maxPatternLength = 1000;
/** Output one wait searches for its pattern; a complex pattern counts several times. */
export const maxSearchBytes = 64 * MiB;
/** One request searches no longer than this. */
export const maxSearchMs = 5000;
/** A longer line is searched in pieces of this size, each half over the one before. */
export const maxSearchLineBytes = 16 * KiB;
/** Without more output for this long, an unfinished line is searched as it stands: it may be a prompt. */
export const unfinishedLineMs = 100;
export const maxMatchChars = 500;
export const maxWaitOutputChars = 4000;
/** Matches in one answer of a search: by default, at the most. */
export const defaultSearchLimit = 50;
export const maxSearchLimit = 1000;
/** What an answer with output may hold: by default, at the least, at the most. */
export const defaultOutputChars = 8000;
export const minOutputChars = 1000;
export const maxOutputChars = 40_000;
/** Of that, what is kept for what is said about the text. */
export const outputNoteChars = 400;
export const maxTailLines = 10_000;
export const maxGrepContext = 20;
/** Output one answer reads to render, digest or compare it; raw bytes have no bound, since none are held. */
export const maxRenderBytes = 8 * MiB;
/** Read from the end to find the last lines. */
export const tailBytes = 1 * MiB;
/** What the object gives of a run's output at a time. */
export const outputPageBytes = 256 * KiB;
export const outputPageRows = 1024;
export const defaultPageEvents = 1000;
export const maxPageEvents = 10_000;
/** Events of one JSON answer, as text. */
export const maxPageBytes = 4 * MiB;
export const defaultListLimit = 100;
export const maxListLimit = 1000;
/** Of each process, the latest runs that stay readable. */
export const keptRuns = 100;
/** Ended processes in a list that asks for `live`. */
export const recentlyEnded = 10;

/** What a viewer of `longwire.events.v1` may have received and not acknowledged; the most credit one of `longwire.viewer.v1` can give. */
export const viewerCreditBytes = 8 * MiB;
/** What all viewers of a machine together may have received and not given back. */
export const viewersInFlightBytes = 32 * MiB;
/** Subscriptions of one socket. They lie in its attachment, which holds 16 KiB. */
export const maxSubscriptions = 16;
/** Binary frames of one batch that are kept for other viewers. */
export const maxSharedFrames = 16;
/** A paused viewer that acknowledges nothing for this long is closed with 4408. */
export const viewerPatienceMs = 60_000;
/** So far behind its run's end, and beyond its credit, a viewer that wants the latest output is moved on, to this far before the end. */
export const latestBehindBytes = 256 * KiB;
export const latestTailBytes = 64 * KiB;
/** Runs of which output is skipped in one turn of sending. */
export const maxSkippedRuns = 1024;
/** What one turn of the object sends to a viewer that is behind. */
export const viewerSliceBytes = 1 * MiB;
/** What a batch counts of that at the least, since reading one takes time even where a filter passes over it. */
export const viewerStepBytes = 16 * KiB;
export const maxViewers = 1000;

/** Unattended, a batch leaves after this time or this much. */
export const flushAfterMs = 1000;
export const flushBytes = 64 * KiB;

export const pingEveryMs = 20_000;
export const pongWithinMs = 10_000;
/** Nothing acknowledged for this long while something is sent: the link is taken for dead. */
export const ackWithinMs = 15_000;
export const backoffMinMs = 250;
export const backoffMaxMs = 15_000;

/** Batches between two checkpoints, which is what waking reads at the most. */
export const checkpointEvery = 256;
/** A log table; the next one begins when it is full. */
export const partitionBytes = 64 * MiB;
/** What a machine's log holds before its oldest partition goes, unless the operator says otherwise. */
export const defaultRetentionBytes = 256 * MiB;
export const minRetentionBytes = 1 * MiB;
/** A SQLite object holds 10 GB: https://developers.cloudflare.com/durable-objects/platform/limits/ */
export const maxRetentionBytes = 8 * 1024 * MiB;
/** Output of a live run that is copied forward when its partition goes, and in how many pieces at the most. */
export const keptTailBytes = 64 * KiB;
export const maxKeptPieces = 2048;
/** Rows whose headers are read to find the last output of one run. */
export const maxTailRows = 4096;

/** Machines and tokens of one workspace. */
export const maxMachines = 500;
export const maxTokens = 1000;
/** How long a ticket opens a socket, and how many of a workspace wait to be used. */
export const ticketLifeMs = 30_000;
export const maxTickets = 1000;
/** How long a one-time secret signs in, how many of a workspace wait to be used, and how long a session lasts. */
export const signInLifeMs = 300_000;
export const maxSignIns = 100;
export const sessionLifeMs = 12 * 3600_000;
export const minTokenLifeMs = 1000;
export const maxTokenLifeMs = 10 * 366 * 24 * 3600_000;
/** Join codes: how long one is good, how many may be open, and how many wrong ones come before none is looked at. */
export const inviteLifeMs = 600_000;
export const maxInvites = 100;
export const maxWrongCodes = 20;
export const wrongCodesWithinMs = 600_000;
export const maxJoinCodeLength = 100;
/** How long a machine remembers a revoked token. Longer than any request takes. */
export const revokedMemoryMs = 3600_000;
/** When a token was last used is written down no more often than this. */
export const tokenUseEveryMs = 3600_000;

/** A text in an entry of an audit. */
export const maxAuditText = 300;
/** Commands that one entry sums up, and how long it waits for more of them. */
export const maxSummedCommands = 64;
export const summedWithinMs = 600_000;
/** Entries in one table of an object's audit; with the next table the oldest one goes that is more than these. */
export const auditTableEntries = 10_000;
export const maxAuditTables = 10;

/** Webhooks of one workspace, and events that wait to be told to one of them. */
export const maxWebhooks = 50;
export const maxWaitingDeliveries = 500;
export const maxWebhookUrlLength = 2048;
/** Events a machine keeps for its workspace while that cannot be told. */
export const maxOwedEvents = 1000;
export const owedPage = 100;
/** How long a receiver has to answer, how often and how long a delivery is tried, and how late a try may come. */
export const deliverWithinMs = 10_000;
export const maxDeliveryTries = 12;
export const maxDeliveryAgeMs = 24 * 3600_000;
export const deliveryBackoff = { minMs: 5000, maxMs: 4 * 3600_000 };
/** A webhook whose deliveries have all failed for this long is disabled. */
export const webhookPatienceMs = 3 * 24 * 3600_000;
/** Of each webhook, the last deliveries whose results are shown. */
export const keptResults = 10;
/** How long a machine is gone before that is told: links break and come back. */
export const offlineAfterMs = 30_000;
/** Patterns a runner looks for in its machine's output for webhooks. */
export const maxOutputWatches = 50;
