import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { processStart } from '../processes/process-table.ts';
import { expiresAt } from './expires-at.ts';

/** Where a work folder says whose it is. */
export const OWNER_FILE = 'owner.json';
const MOST_BYTES = 16 * 1024;

/** A place that processes live in: ids of processes mean something only there. */
export interface Habitat {
  readonly host: string;
  /** Empty where the system has none. */
  readonly bootId: string;
  readonly pidNamespace: string;
}

const OWNER = z.object({
  runId: z.string().min(1),
  pid: z.int().positive(),
  /** When that process started, so that a reused process id is not taken for it. */
  startedAt: z.string(),
  host: z.string(),
  bootId: z.string(),
  pidNamespace: z.string(),
  uid: z.int(),
  expiresAt: z.iso.datetime(),
  /** The user asked to keep it: it goes only with `drill gc --kept`, or when it has expired. */
  kept: z.boolean(),
});

/** Who made a work folder, so that one left behind by a killed run can be told from one in use. */
export type Owner = z.infer<typeof OWNER>;

/** The record of this process as the owner of a run. */
export function ownerHere(runId: string, kept: boolean): Owner {
  return {
    ...{ runId, kept, pid: process.pid, startedAt: processStart(process.pid) ?? '', ...habitat() },
    uid: process.getuid?.() ?? -1,
    expiresAt: expiresAt(),
  };
}

/** Where this process lives. */
export function habitat(): Habitat {
  return {
    host: hostname(),
    bootId: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: read(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether the ids of processes there are ids here; `before` the machine was started again, nothing of it can live. */
export function compareHabitat(there: Habitat, here = habitat()): 'same' | 'before' | 'elsewhere' {
  if (there.host !== here.host) return 'elsewhere';
  if (there.bootId !== here.bootId) return 'before';
  return there.pidNamespace === here.pidNamespace ? 'same' : 'elsewhere';
}

/** Reads an owner's file, or says in a clause what is wrong with it. Anything may lie there: no link or pipe is followed. */
export function readOwner(file: string): Owner | string {
  let opened: number;
  try {
    opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `it has no ${OWNER_FILE}` : `its ${OWNER_FILE} cannot be read (${code})`;
  }
  try {
    const { size, uid } = fstatSync(opened);
    if (!fstatSync(opened).isFile()) return `its ${OWNER_FILE} is no file`;
    if (uid !== process.getuid?.()) return `its ${OWNER_FILE} belongs to the account ${uid}`;
    if (size > MOST_BYTES) return `its ${OWNER_FILE} is too large`;
    const bytes = Buffer.alloc(MOST_BYTES);
    return parseOwner(bytes.toString('utf8', 0, readSync(opened, bytes)));
  } finally {
    closeSync(opened);
  }
}

/** Reads the text of an owner's file, or says in a clause what is wrong with it. */
export function parseOwner(text: string): Owner | string {
  try {
    const { data } = OWNER.safeParse(JSON.parse(text));
    return data ?? `its ${OWNER_FILE} is not one of this version`;
  } catch {
    return `its ${OWNER_FILE} is no JSON`;
  }
}

function read(look: () => string): string {
  try {
    return look();
  } catch {
    return '';
  }
}
