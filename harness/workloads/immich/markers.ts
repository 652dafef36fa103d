import type { Check, Evidence, Finding, Judgement } from '../../model/check.ts';
import type { FileEntry } from '../../model/manifest.ts';
import { MARKER, MEDIA_FOLDERS } from './layout.ts';

const EXPECTED = `a readable ${MARKER} file in each of the six folders of the media root`;
const OWNER_MAY_READ = 0o400;

/** Judges that the six markers are back without which Immich refuses to start. */
export function markers(volumeComponent: string): Check {
  return {
    name: 'markers',
    component: volumeComponent,
    proves: `Immich finds its ${MARKER} marker in each of its six folders, and so would start.`,
    judge: (evidence) => judgeMarkers(evidence, volumeComponent),
  };
}

async function judgeMarkers(evidence: Evidence, component: string): Promise<Judgement> {
  const files = evidence.list('after', component, 'files');
  if (!files) return unknown(`the files of ${component} were not completely observed after the restore`);
  const missing = new Set(MEDIA_FOLDERS.map((folder) => `${folder}/${MARKER}`));
  const findings: Finding[] = [];
  for await (const file of files) {
    if (!missing.delete(file.path)) continue;
    const wrong = wrongWith(file);
    if (wrong) findings.push({ subject: file.path, expected: 'a readable file with a time in it', actual: wrong });
  }
  for (const path of missing) findings.push({ subject: path, expected: 'a file', actual: 'missing' });
  const right = MEDIA_FOLDERS.length - findings.length;
  const actual = `${right} of ${MEDIA_FOLDERS.length} markers are there and readable`;
  return { verdict: findings.length > 0 ? 'fail' : 'pass', expected: EXPECTED, actual, findings };
}

function unknown(actual: string): Judgement {
  return { verdict: 'unknown', expected: EXPECTED, actual };
}

function wrongWith({ type, sizeBytes, mode }: FileEntry): string | undefined {
  if (type !== 'file') return `a ${type}`;
  if (sizeBytes === 0) return 'an empty file';
  return (mode & OWNER_MAY_READ) === 0 ? `its owner may not read it (mode ${mode.toString(8)})` : undefined;
}
