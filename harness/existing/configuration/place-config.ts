import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { parseDuration } from '../../model/duration.ts';
import { Secret } from '../../model/secret.ts';
import type { KeptSnapshot } from '../../model/snapshots.ts';
import { S3_CLIENTS } from '../../paths/objects/transfer.ts';
import { secretAt } from './secret-reference.ts';
import type { ServerConfig } from './server-config.ts';
import { settingOf, wrongName } from './tool-settings.ts';
import { holdsCredentials, withoutCredentials } from './url-secrets.ts';

const SNAPSHOT = 'must be latest, an id, { random: 30d } or { before: 2026-11-01 }';
const IN_ADDRESS = 'give { env: NAME } or { file: PATH } instead';
const SECRET_NAME = /(KEY|SECRET|PASSWORD|TOKEN|PASS)$|ACCOUNT_KEY|CREDENTIALS/;

/** A duration such as `30d`. */
export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, { error: 'is not a duration such as 90s, 30m, 2h or 30d' });

const folder = z
  .string()
  .min(1)
  .refine((path) => isAbsolute(path), { error: 'must be an absolute path' });

const snapshot = z.union(
  [
    z.literal('latest'),
    z.string().regex(/^[0-9a-f]{4,64}$/, { error: SNAPSHOT }),
    z.strictObject({ random: duration }),
    z.strictObject({ before: z.coerce.date() }),
  ],
  { error: SNAPSHOT },
);

const repository = z.union([
  z.string().refine((text) => !holdsCredentials(text), {
    error: `has a password in it, or the user of one: ${IN_ADDRESS}`,
  }),
  secretAt('restic-repository'),
]);

/** Settings of the repository's server by the names that restic knows them under; what looks like a secret must be one. */
const environment = z.record(z.string(), z.union([z.string(), secretAt('restic-env')])).superRefine((env, context) => {
  for (const name of Object.keys(env)) {
    const message = wrongName(name);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
  }
  for (const [name, value] of Object.entries(env))
    if (SECRET_NAME.test(name) && !(value instanceof Secret) && !name.endsWith('ACCESS_KEY_ID'))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'give { env: NAME } or { file: PATH }: a secret does not belong into this file',
      });
});

const CHECK = 'must be false or { readData: 5% }';

/** How much of its packs restic reads again, as it takes it itself. */
const readData = z.string().regex(/^(?:100|\d{1,2}(?:\.\d+)?)%$|^[1-9]\d*\/[1-9]\d*$|^[1-9]\d*[KMGT]$/, {
  error: 'must be such as 5%, 1/10 or 500M',
});

const restic = z
  .strictObject({
    repository,
    password: secretAt('restic-password'),
    env: environment.optional(),
    snapshot: snapshot.optional(),
    host: z.string().optional(),
    tags: z.array(z.string()).optional(),
    check: z.union([z.literal(false), z.strictObject({ readData: readData.optional() })], { error: CHECK }).optional(),
  })
  .transform((given, context) => {
    const { env = {}, ...rest } = given;
    const apart = withoutCredentials(rest.repository);
    if (!apart) {
      const message = 'has a user or a password in it, which only rest:https://user:password@host may have';
      context.addIssue({ code: 'custom', path: ['repository'], message });
      return z.NEVER;
    }
    const settings = Object.entries(env).map(([name, value]) => [name, settingOf(name, value)] as const);
    const all: Record<string, string | Secret> = { ...Object.fromEntries(settings), ...apart.env };
    return { ...rest, repository: apart.repository, ...(Object.keys(all).length > 0 && { env: all }) };
  });

const endpoint = z.url({ protocol: /^https?$/ }).superRefine((text, context) => {
  const { username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '')
    context.addIssue({ code: 'custom', message: 'has a user or a password in it: give accessKey and secretKey' });
  if (search !== '' || hash !== '')
    context.addIssue({ code: 'custom', message: 'must end with the host, or a path: ? and # mean nothing here' });
});

const bucket = z.strictObject({
  endpoint,
  region: z.string().optional(),
  name: z.string().min(1),
  prefix: z.string().optional(),
  accessKey: secretAt('bucket-access-key'),
  secretKey: secretAt('bucket-secret-key'),
  client: z.enum(S3_CLIENTS).optional(),
});

const kubernetesName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, { error: 'is no name in Kubernetes' });

/** A VolumeSnapshot in a namespace of the cluster: one by its name, or the newest of a claim. */
const volumeSnapshot = z
  .strictObject({
    namespace: kubernetesName,
    name: kubernetesName.optional(),
    claim: kubernetesName.optional(),
  })
  .refine(({ name, claim }) => (name === undefined) !== (claim === undefined), {
    error: 'needs exactly one of name (of the snapshot) and claim (whose newest snapshot is taken)',
  });

/** Where a backup can lie; one of them. */
export const placeFields = {
  restic: restic.optional(),
  bucket: bucket.optional(),
  folder: folder.optional(),
  volumeSnapshot: volumeSnapshot.optional(),
};

export type PlaceConfig = {
  readonly restic?: z.output<typeof restic> | undefined;
  readonly bucket?: z.output<typeof bucket> | undefined;
  readonly folder?: string | undefined;
  readonly volumeSnapshot?: KeptSnapshot | undefined;
  /** No place of a backup, but the server that one is made of. */
  readonly server?: ServerConfig | undefined;
};
