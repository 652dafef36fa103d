import { Cron } from 'croner';
import { parseDuration } from '../../harness/model/duration.ts';
import { DrillError } from '../../harness/model/error.ts';

/** How much later than its interval a drill may begin, as a part of the interval, before one counts as missed. */
const LATENESS = 0.25;
const MOST_SLOTS = 100_000;

/** When a drill ought to run: every so many seconds, or by the lines of cron, in UTC. */
export interface Schedule {
  readonly drill: string;
  readonly when: string;
}

/** How often a drill was due, and when it did not run. */
export interface ScheduleReport extends Schedule {
  readonly due: number;
  readonly missed: readonly string[];
}

/** Reads `immich-full=24h` or `immich-full=0 3 * * *`. */
export function parseSchedule(text: string): Schedule {
  const at = text.indexOf('=');
  const schedule = { drill: text.slice(0, at).trim(), when: text.slice(at + 1).trim() };
  if (at > 0 && schedule.drill !== '') return checkedSchedule(schedule);
  throw badSchedule(text, 'it has no drill and no time');
}

/** The same schedule, or an error that says what is wrong with it. */
export function checkedSchedule(schedule: Schedule): Schedule {
  const seconds = parseDuration(schedule.when);
  if (seconds !== undefined && seconds > 0) return schedule;
  try {
    new Cron(schedule.when, { paused: true, timezone: 'UTC' });
    return schedule;
  } catch (cause) {
    throw badSchedule(`${schedule.drill}=${schedule.when}`, (cause as Error).message, cause);
  }
}

/** Holds the beginnings of the runs of a drill against its schedule; a time that is not over yet is not missed. */
export function judgeSchedule(schedule: Schedule, began: readonly Date[], from: Date, until: Date): ScheduleReport {
  const seconds = parseDuration(schedule.when);
  const times = began.map((one) => one.getTime()).sort((a, b) => a - b);
  const { due, missed } =
    seconds === undefined
      ? missedSlots(schedule.when, times, from, until)
      : missedIntervals(seconds * 1000, times, from, until);
  return { ...schedule, due, missed: missed.map((time) => new Date(time).toISOString()) };
}

/** A line of cron makes slots, each from one time to the next; a run in the slot will do. */
function missedSlots(pattern: string, times: readonly number[], from: Date, until: Date) {
  const cron = new Cron(pattern, { paused: true, timezone: 'UTC' });
  const missed: number[] = [];
  let due = 0;
  // One that is due at the very beginning is due.
  let start = cron.nextRun(new Date(from.getTime() - 1000));
  while (start && due < MOST_SLOTS) {
    const end = cron.nextRun(start);
    if (!end || end.getTime() > until.getTime()) break;
    const [open, close] = [start.getTime(), end.getTime()];
    due += 1;
    if (!times.some((time) => time >= open && time < close)) missed.push(open);
    start = end;
  }
  return { due, missed };
}

/** An interval counts from run to run: runs that all begin a little late must not add up to one that is missed. */
function missedIntervals(intervalMs: number, times: readonly number[], from: Date, until: Date) {
  const missed: number[] = [];
  const stops = [...times.filter((time) => time >= from.getTime() && time <= until.getTime()), until.getTime()];
  let before = from.getTime();
  for (const stop of stops) {
    const count = Math.min(MOST_SLOTS, Math.ceil((stop - before) / intervalMs - LATENESS) - 1);
    for (let index = 1; index <= count; index += 1) missed.push(before + index * intervalMs);
    before = stop;
  }
  return { due: stops.length - 1 + missed.length, missed };
}

function badSchedule(text: string, why: string, cause?: unknown): DrillError {
  return new DrillError({
    code: 'schedule-invalid',
    where: 'compliance',
    what: `"${text}" is no schedule: ${why}.`,
    next: 'write a drill and how often it runs, such as immich-full=24h, or a line of cron in UTC, "immich-full=0 3 * * *".',
    blame: 'usage',
    cause,
  });
}
