import { z } from 'zod';
import { secretAt } from './secret-reference.ts';

const POSTGRES_PORT = 5432;
const MAX_PORT = 65_535;

/** A server of Postgres that is in use, reached over the network with an account that reads; the database unless it names one. */
export const serverConfig = (database: string) =>
  z.strictObject({
    host: z.string().regex(/^[\w.:-]+$/, { error: 'must be the name or the address of one host' }),
    port: z.int().min(1).max(MAX_PORT).default(POSTGRES_PORT),
    database: z.string().min(1).default(database),
    user: z.string().min(1),
    password: secretAt('postgres-password'),
  });

export type ServerConfig = z.output<ReturnType<typeof serverConfig>>;
