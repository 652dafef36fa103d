import { z } from 'zod';
import type { Link } from './entry.ts';

const headSchema = z.object({ seq: z.number().int(), hash: z.string() });
/** Matches no record, so that a head that was changed counts as one that was. */
const BROKEN: Link = { seq: Number.MAX_SAFE_INTEGER, hash: '' };

/** Reads the head of a history: its last record, written down beside it. */
export function readHead(text: string): Link {
  try {
    return headSchema.parse(JSON.parse(text));
  } catch {
    return BROKEN;
  }
}
