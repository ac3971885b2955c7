import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ObtainedProgram, obtainGoProgram } from '../../support/go-program.ts';
import { ROOT } from '../../support/paths.ts';
import { findFaults } from './promql.ts';

const run = promisify(execFile);
const FOLDER = path.join(ROOT, 'deploy/prometheus');
const RULES = readFileSync(path.join(FOLDER, 'rules.yaml'), 'utf8');
const CASES = readFileSync(path.join(FOLDER, 'rules.test.yaml'), 'utf8');
const OPERATIONS = readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8');

/** Without service discovery, which would make the build several times as long. */
const PROMTOOL = {
  name: 'promtool',
  package: 'github.com/prometheus/prometheus/cmd/promtool',
  version: '0.316.0',
  tags: 'remove_all_sd',
  duration: 'about 2 minutes',
};

interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}

const { groups } = parse(RULES) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

test.each(alerts)('$alert reads metrics that a role exports, and says what to do', ({ alert, ...rule }) => {
  expect(findFaults(rule.expr)).toEqual([]);
  expect(['critical', 'warning']).toContain(rule.labels.severity);
  const { summary, description, runbook } = rule.annotations;
  expect(summary).toBeTruthy();
  expect(description).toMatch(/\.$/);
  expect(runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  expect(OPERATIONS).toContain(`\n### ${alert}\n\n`);
  expect(CASES).toContain(`ALERTS{alertname="${alert}", alertstate="firing"}`);
});

test('docs/operations.md describes no alert that does not exist', () => {
  const described = [...OPERATIONS.matchAll(/^### (Throughline\w+)$/gm)].map((match) => match[1]);
  expect(described).toEqual(alerts.map(({ alert }) => alert));
});

let promtool: ObtainedProgram;
let dir: string;

beforeAll(async () => {
  promtool = await obtainGoProgram(PROMTOOL);
  dir = mkdtempSync(path.join(tmpdir(), 'throughline-rules-'));
}, 900_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs the cases of rules.test.yaml on these rules. */
async function runCases(executable: string, rules: string): Promise<{ ok: boolean; output: string }> {
  writeFileSync(path.join(dir, 'rules.yaml'), rules);
  copyFileSync(path.join(FOLDER, 'rules.test.yaml'), path.join(dir, 'rules.test.yaml'));
  try {
    const { stdout } = await run(executable, ['test', 'rules', 'rules.test.yaml'], { cwd: dir });
    return { ok: true, output: stdout };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { ok: false, output: stdout + stderr };
  }
}

test('promtool accepts the rules, and each alert fires in its case and in no healthy installation', async ({
  skip,
}) => {
  const { executable, missing } = promtool;
  if (executable === undefined) return skip(missing);
  await run(executable, ['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml'], { cwd: FOLDER });
  expect(await runCases(executable, RULES)).toMatchObject({ ok: true });
});

test('the cases fail for an alert that fires too late, and for one that always fires: a control', async ({
  skip,
}) => {
  const { executable, missing } = promtool;
  if (executable === undefined) return skip(missing);
  const late = await runCases(executable, RULES.replace('oldest_seconds) > 60', 'oldest_seconds) > 6000'));
  expect(late).toMatchObject({ ok: false, output: expect.stringContaining('ThroughlineEventsWait') });
  const always = await runCases(executable, RULES.replace('oldest_seconds) > 60', 'oldest_seconds) >= 0'));
  expect(always).toMatchObject({ ok: false, output: expect.stringContaining('ALERTS{alertstate') });
});
