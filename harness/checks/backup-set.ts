import type { Check, Evidence, Judgement } from '../model/check.ts';
import type { Receipt } from '../model/path.ts';
import { Tally } from './judging/tally.ts';
import { counted } from './judging/wording.ts';

/** Judges that the objects that backups say they wrote are stored, with the checksums that they had. */
export function backupSet(): Check {
  return {
    name: 'backup-set',
    component: 'all',
    proves: 'Every object that a kept backup names is stored with the SHA-256 that it had when it was written.',
    judge: async (evidence) => judgeBackupSet(evidence),
  };
}

function judgeBackupSet(evidence: Evidence): Judgement {
  const tally = new Tally();
  const receipts = evidence.receipts.filter((receipt) => isKept(evidence, receipt));
  if (receipts.length === 0) tally.gap('there is no receipt of a backup');
  if (!evidence.stored) tally.gap('nobody read the stored objects back');
  let objects = 0;
  for (const receipt of evidence.stored ? receipts : []) {
    for (const { key, sha256 } of receipt.objects) {
      objects += 1;
      const found = evidence.stored?.[key];
      if (found === undefined) tally.gap(`nobody read ${key} back`);
      else if (found !== sha256) tally.wrong(key, `sha256 ${sha256}`, found === 'missing' ? found : `sha256 ${found}`);
    }
  }
  const actual = `${counted(objects, 'object')} named by ${counted(receipts.length, 'receipt')}, ${tally.count} missing or changed`;
  return tally.judgement('every object that a receipt names, unchanged', actual);
}

/** Retention deletes the objects of what it does not keep. */
function isKept(evidence: Evidence, receipt: Receipt): boolean {
  return evidence.retained?.[receipt.component]?.includes(receipt.id) ?? true;
}
