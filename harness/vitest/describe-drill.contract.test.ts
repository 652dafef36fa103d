import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { smallDrill } from '../engine/testing/run-for-test.ts';
import { describeDrill } from './describe-drill.ts';

process.env.DRILL_RUNS = mkdtempSync(join(tmpdir(), 'drill-suite-'));
process.env.DRILL_STATE = join(process.env.DRILL_RUNS, '.state');
afterAll(() => rmSync(process.env.DRILL_RUNS ?? '', { recursive: true, force: true }));

describeDrill(smallDrill());
