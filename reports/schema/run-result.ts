import { z } from 'zod';
import { PHASES, RUN_TYPES, type RunResult } from '../../harness/model/result.ts';

const verdict = z.enum(['pass', 'fail', 'unknown']).describe('`unknown` could not be verified, and is never green');
const phase = z.enum(PHASES);
const seconds = z.number().nullable().describe('null when it was not measured, or when no objective was set');
const measured = { seconds, objectiveSeconds: seconds };
const moment = z.string().describe('an ISO time in UTC');
const named = z.string();

const rtoPhases = z.strictObject({ provision: z.number(), fetch: z.number(), load: z.number(), ready: z.number() });

const check = z.strictObject({
  name: named,
  component: named.describe('`all` when it judges the whole'),
  proves: z.string(),
  verdict,
  expected: z.string(),
  actual: z.string(),
  findings: z
    .array(z.strictObject({ subject: named, expected: z.string(), actual: z.string() }))
    .describe('at most the first 20'),
  findingCount: z.number(),
  evidence: z.string().describe('the file in the run folder that lists all findings; empty when there are none'),
});

const failure = z.strictObject({
  phase,
  component: named.exactOptional(),
  code: named,
  message: z.string(),
  next: z.string(),
  tail: z.string().describe('the last lines of the tool that failed, secrets masked'),
  verdict: z.enum(['pass', 'fail', 'unknown', 'harness', 'interrupted', 'usage']),
});

const timing = z.strictObject({
  phase,
  name: named,
  component: named.exactOptional(),
  kind: z.enum(['phase', 'job', 'service', 'harness']),
  startedAt: moment,
  seconds: z.number(),
  ok: z.boolean(),
  log: z.string().exactOptional().describe('the path of the log in the run folder'),
});

const receipt = z.strictObject({
  path: named,
  component: named,
  id: z.string(),
  startedAt: moment,
  endedAt: moment,
  tools: z.array(z.strictObject({ program: named, version: z.string() })),
  objects: z.array(z.strictObject({ key: z.string(), sizeBytes: z.number(), sha256: z.string() })),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  earlier: z
    .array(z.strictObject({ file: z.string(), madeAt: moment, rows: z.record(z.string(), z.number()) }))
    .exactOptional()
    .describe('backups from before this one, whose rows were counted and not restored'),
});

const drill = z.strictObject({
  name: named,
  claim: z.string(),
  disaster: named.describe('where nothing is destroyed: `rehearsal` or `upgrade`, which `run.type` says better'),
  substrate: named,
  workload: z.strictObject({ name: named, version: z.string(), scale: z.record(z.string(), z.number()) }),
  paths: z.record(z.string(), z.strictObject({ name: named, options: z.record(z.string(), z.unknown()) })),
});

const host = z.strictObject({
  os: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  node: z.string(),
  freeDiskBytes: z.number(),
});

/** The shape of `result.json`; the published JSON Schema is made from it. */
export const runResultSchema = z.strictObject({
  schemaVersion: z.literal(1),
  run: z.strictObject({
    id: z.string(),
    type: z
      .enum(RUN_TYPES)
      .exactOptional()
      .describe('whether it made the backups itself, found them, or went on to a newer version with what it found'),
    startedAt: moment,
    endedAt: moment,
    seconds: z.number(),
    phaseReached: phase,
    folder: z.string(),
  }),
  drill,
  verdict,
  exitCode: z
    .number()
    .describe('0 pass, 1 fail, 2 unknown, 64 usage or configuration, 70 the harness failed, 130 interrupted'),
  checks: z.array(check),
  rto: z.strictObject({
    ...measured,
    phases: rtoPhases,
    place: z
      .strictObject({ name: named, seconds: z.number() })
      .exactOptional()
      .describe('the cluster or namespace that had to be made first; part of `provision`'),
    components: z.record(z.string(), z.strictObject({ ...measured, phases: rtoPhases })),
  }),
  rpo: z.strictObject({ ...measured, components: z.record(z.string(), z.strictObject(measured)) }),
  notTested: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  failures: z.array(failure),
  timings: z.array(timing),
  backups: z.array(receipt),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  numbers: z
    .record(z.string(), z.number())
    .exactOptional()
    .describe('what was counted in what was restored, by name, for later runs to compare with'),
  tools: z.array(z.strictObject({ program: named, version: z.string(), source: z.string(), location: z.string() })),
  host: host.nullable().describe('null when the run ended before the host was looked at'),
  kept: z.array(z.string()).describe('commands to look inside and to clean up, when the run was kept'),
});

type DeepReadonly<Value> = Value extends object ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> } : Value;
type SameAs<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? true : false) : false;

/** Fails to compile when the schema and the contract's `RunResult` drift apart. */
export const SCHEMA_FITS_CONTRACT: SameAs<DeepReadonly<z.infer<typeof runResultSchema>>, RunResult> = true;
