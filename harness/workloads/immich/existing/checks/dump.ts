import { observed } from '../../../../checks/judging/observed.ts';
import { Tally } from '../../../../checks/judging/tally.ts';
import { counted } from '../../../../checks/judging/wording.ts';
import type { Check, Evidence, Judgement } from '../../../../model/check.ts';

const EXPECTED = 'the end of the dump, and all that it declares';
const DECLARED = { tables: 'table', indexes: 'index', foreignKeys: 'foreign key' } as const;

/** Judges that a dump was whole: it has its last line, and all that it declares is in the restored database. */
export function dump(component: string): Check {
  return {
    name: 'dump',
    component,
    proves: `The dump of ${component} is not cut, and every table, index and foreign key that it declares was restored.`,
    judge: (evidence) => judgeDump(evidence, component),
  };
}

async function judgeDump(evidence: Evidence, component: string): Promise<Judgement> {
  const tally = new Tally();
  const receipt = evidence.receipts.find((one) => one.component === component);
  const restored = await restoredObjects(evidence, tally, component);
  const told: string[] = [];
  if (receipt?.details.physical === true)
    return tally.judgement(EXPECTED, 'a physical copy of the server, brought to a consistent state by its own WAL');
  if (!receipt) tally.gap('no dump was restored');
  else if (receipt.details.complete === false)
    tally.wrong(
      receipt.id,
      'the line "PostgreSQL database dump complete" at its end',
      'the dump ends before it: it was cut',
    );
  for (const [name, noun] of Object.entries(DECLARED) as [keyof typeof DECLARED, string][]) {
    const declared = receipt?.details[name];
    const has = restored?.[name] ?? 0;
    if (typeof declared !== 'number' || !restored) continue;
    told.push(counted(declared, noun, noun === 'index' ? 'indexes' : `${noun}s`));
    if (has < declared)
      tally.wrong(
        noun === 'index' ? 'indexes' : `${noun}s`,
        `at least ${declared}, which the dump declares`,
        String(has),
      );
  }
  if (receipt && told.length === 0 && tally.count === 0) tally.gap('the backup does not tell what it declares');
  return tally.judgement(EXPECTED, `${told.join(', ')} declared and restored`);
}

async function restoredObjects(
  evidence: Evidence,
  tally: Tally,
  component: string,
): Promise<Record<keyof typeof DECLARED, number> | undefined> {
  const list = observed(evidence, tally, 'after', component, 'schema');
  if (!list) return undefined;
  const counts = { tables: 0, indexes: 0, foreignKeys: 0 };
  for await (const { kind, definition } of list) {
    if (kind === 'table') counts.tables += 1;
    else if (kind === 'index') counts.indexes += 1;
    else if (kind === 'constraint' && definition.startsWith('FOREIGN KEY')) counts.foreignKeys += 1;
  }
  return counts;
}
