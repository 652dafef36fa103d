import { expect, it } from 'vitest';
import type { OwnSabotageResult, OwnWay } from '../../harness/model/own-sabotage-result.ts';
import { renderOwnSabotageHtml } from './own/html.ts';
import { renderOwnSabotageMarkdown } from './own/markdown.ts';
import { renderOwnSabotageMetrics } from './own/prometheus.ts';
import { ownSentence } from './own-sentence.ts';

const CAUGHT: OwnWay = {
  ...{ name: 'original-missing', about: 'An original is not there.', outcome: 'caught', advice: '' },
  ...{ by: 'originals of library', said: 'upload/a|b.jpg <script>: missing', verdict: 'fail', exitCode: 1 },
  ...{ seconds: 2, run: '/runs/a' },
};
const MISSED: OwnWay = {
  ...{ ...CAUGHT, name: 'dump-older', about: 'It is old.', outcome: 'missed', by: '', said: '' },
  ...{ advice: 'Set an objective.', verdict: 'pass', exitCode: 0 },
};
const HEALTHY = { passed: true, verdict: 'pass', why: '', seconds: 2, run: '/runs/h' } as const;

function resultWith(ways: readonly OwnWay[], more: Partial<OwnSabotageResult> = {}): OwnSabotageResult {
  const count = (outcome: string) => ways.filter((way) => way.outcome === outcome).length;
  return {
    ...{ schemaVersion: 1, kind: 'own-backups', id: 'sabotage-1', drill: 'mine', folder: '/runs', seconds: 60 },
    ...{ startedAt: '2026-11-21T12:00:00.000Z', endedAt: '2026-11-21T12:01:00.000Z', exitCode: 1, trouble: '' },
    ...{ copied: { files: 9, sizeBytes: 99, dump: 'a.sql.gz' }, healthy: HEALTHY, ways },
    notApplicable: [{ name: 'checksum-wrong', about: 'It is another.', why: 'there is none' }],
    ...{ total: ways.length, caught: count('caught'), noticed: count('noticed'), missed: count('missed') },
    killScore: ways.length === 0 ? null : (100 * count('caught')) / ways.length,
    ...more,
  };
}

it('says in one sentence how many were caught and which would go unnoticed', () => {
  expect(ownSentence(resultWith([CAUGHT, MISSED]))).toBe(
    '1 of 2 ways were caught (50 %); 1 would go unnoticed: dump-older.',
  );
  expect(ownSentence(resultWith([CAUGHT]))).toBe('1 of 1 ways were caught (100 %); none would go unnoticed.');
  expect(ownSentence(resultWith([CAUGHT, { ...MISSED, outcome: 'noticed' }]))).toMatch(/\(50 %\).*1 could not be told/);
  expect(ownSentence(resultWith([], { healthy: { ...HEALTHY, passed: false } }))).toMatch(/does not pass as it is/);
});

it('Markdown and HTML begin with what would go unnoticed and what would have it noticed, and obey nothing', () => {
  const markdown = renderOwnSabotageMarkdown(resultWith([CAUGHT, MISSED]));
  expect(markdown).toContain('- `dump-older`: It is old. Set an objective.');
  expect(markdown).toContain('✓ caught | originals of library');
  expect(markdown).toContain('`checksum-wrong`: there is none');
  const html = renderOwnSabotageHtml(resultWith([CAUGHT, { ...MISSED, advice: '' }]));
  expect(html).toContain("default-src 'none'");
  expect(html).toContain('No setting of the configuration is known');
  expect(html).not.toContain('<script>');
});

it('metrics have the score, and none where there is none', () => {
  expect(renderOwnSabotageMetrics(resultWith([CAUGHT, MISSED]))).toContain(
    'restore_drill_sabotage_kill_score_ratio{drill="mine",substrate="local"} 0.5',
  );
  expect(renderOwnSabotageMetrics(resultWith([]))).not.toContain('kill_score_ratio');
});
