import { z } from 'zod';
import { duration, placeFields } from './place-config.ts';
import { secretAt } from './secret-reference.ts';

const count = z.int().min(0);
const objective = z.strictObject({ rto: duration.optional(), rpo: duration.optional() });
const relative = z
  .string()
  .refine((path) => !path.split('/').includes('..'), { error: 'must not lead out of the backup' });

/** Says that exactly one of some keys must be there. */
function oneOf(keys: readonly string[]) {
  return (value: Record<string, unknown>, context: z.RefinementCtx): void => {
    const given = keys.filter((key) => value[key] !== undefined);
    if (given.length !== 1)
      context.addIssue({
        code: 'custom',
        message: `needs exactly one of ${keys.join(', ')}; it has ${given.length === 0 ? 'none' : given.join(' and ')}`,
      });
  };
}

const library = z
  .strictObject({
    ...placeFields,
    root: relative.optional(),
    archive: z.string().optional(),
    path: relative.optional(),
    sample: z.int().min(1).optional(),
    leavesOut: z.array(z.enum(['thumbs', 'encoded-video', 'backups'])).optional(),
  })
  .superRefine(oneOf(Object.keys(placeFields)))
  .refine(({ archive, sample }) => archive === undefined || sample === undefined, {
    error: 'an archive is unpacked as a whole: it takes no sample',
    path: ['sample'],
  });

const database = z
  .strictObject({
    ...placeFields,
    inLibrary: relative.optional(),
    path: relative.optional(),
    dump: z.string().optional(),
    baseBackup: z
      .strictObject({ superuser: z.string().min(1).optional(), database: z.string().min(1).optional() })
      .optional(),
  })
  .superRefine(oneOf([...Object.keys(placeFields), 'inLibrary']))
  .refine(({ baseBackup, dump }) => baseBackup === undefined || dump === undefined, {
    error: 'a physical copy of a server is no dump: give one of dump and baseBackup',
    path: ['baseBackup'],
  });

/** A file that age has sealed and that is stored with the backups: `drill credentials` opens it with the key. */
const sealed = z
  .strictObject({ ...placeFields, path: relative.optional(), file: z.string(), identity: secretAt('age-identity') })
  .superRefine(oneOf(Object.keys(placeFields)));

const drill = z
  .strictObject({
    workload: z.literal('immich'),
    library: library.optional(),
    database,
    sealed: sealed.optional(),
    atLeast: z.strictObject({ users: count.optional(), assets: count.optional() }).optional(),
    mediaRoots: z.array(z.string().startsWith('/')).optional(),
    untracked: count.optional(),
    images: count.optional(),
    newestAsset: duration.optional(),
    objectives: objective
      .extend({
        components: z.strictObject({ library: objective.optional(), database: objective.optional() }).optional(),
      })
      .optional(),
  })
  .superRefine((value, context) => {
    if (value.database.inLibrary !== undefined && !value.library)
      context.addIssue({
        code: 'custom',
        path: ['database', 'inLibrary'],
        message: 'there is no library to look into',
      });
  });

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower-case letters, digits and hyphens' });

/** The shape of `drills.config.yaml`. Secrets are read from where it says that they are. */
export const configSchema = z.strictObject({ drills: z.record(name, drill) });

export type DrillConfig = z.output<typeof drill>;
