import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findCacheDir } from '../../../src/dev/cache-dir.ts';
import type { Part } from '../part.ts';
import { runProgram } from '../run-program.ts';
import type { Tally } from '../tally.ts';

const VERSION = '4.32.5';
const INSTALL_MS = 180_000;
const GRACE_MS = 30_000;
const SHORTEST_SECONDS = 10;
const SHOWN_CHARS = 300;
const SERVER_ERROR = 'not_a_server_error';
/** The others judge what the document leaves open, such as which of two refusals comes first. */
const CHECKS = [SERVER_ERROR, 'content_type_conformance', 'response_schema_conformance'];

/** Cases that a tool which knows only the document makes of it. */
export const schemathesis: Part = {
  name: 'schemathesis',
  what: `cases of schemathesis ${VERSION}`,
  share: 0.3,
  async run({ target, tally, seconds, random }) {
    const program = await install();
    if (typeof program !== 'string') {
      tally.skipped = program.reason;
      return;
    }
    const dir = mkdtempSync(path.join(tmpdir(), 'throughline-schemathesis-'));
    try {
      const report = path.join(dir, 'report.ndjson');
      const time = Math.max(SHORTEST_SECONDS, Math.round(seconds));
      const args = [
        'run',
        `${target.url}/openapi.json`,
        '--no-color',
        `--header=Authorization: Bearer ${target.scrap.api}`,
        `--checks=${CHECKS.join()}`,
        '--phases=coverage,fuzzing',
        `--max-time=${time}`,
        '--workers=2',
        '--continue-on-failure',
        '--generation-database=none',
        `--seed=${random.between(1, 1e9)}`,
        `--report-ndjson-path=${report}`,
      ];
      const { output } = await runProgram(program, args, { cwd: dir, ms: time * 1_000 + GRACE_MS });
      if (existsSync(report)) readReport(readFileSync(report, 'utf8'), tally);
      if (tally.tried === 0) tally.report(`it tried nothing: ${output.slice(-1_000)}`, 'schemathesis');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

interface Scenario {
  recorder?: {
    cases?: Record<string, { value: { method: string; path: string; body?: unknown } }>;
    checks?: Record<
      string,
      { name: string; status: string; failure_info?: { failure: { message: string } } }[]
    >;
    interactions?: Record<
      string,
      { request: { method: string; uri: string }; response?: { elapsed?: number } }
    >;
  };
}

/** Counts the cases of a report, one JSON object a line. Of each operation and check, the first failure is enough. */
export function readReport(lines: string, tally: Tally): void {
  const seen = new Set<string>();
  for (const line of lines.split('\n').filter(Boolean)) {
    const { ScenarioFinished: scenario } = JSON.parse(line) as { ScenarioFinished?: Scenario };
    const { cases = {}, checks = {}, interactions = {} } = scenario?.recorder ?? {};
    tally.tried += Object.keys(cases).length;
    for (const [id, results] of Object.entries(checks)) {
      const ms = (interactions[id]?.response?.elapsed ?? 0) * 1_000;
      tally.slowestMs = Math.max(tally.slowestMs, ms);
      for (const { name, failure_info: failure } of results.filter(({ status }) => status === 'failure')) {
        const { method = '?', path: route = '?', body } = cases[id]?.value ?? {};
        if (name === SERVER_ERROR) tally.serverErrors++;
        const key = `${name} ${method} ${route}`;
        if (name !== SERVER_ERROR && seen.has(key)) continue;
        seen.add(key);
        const input = `${method} ${interactions[id]?.request.uri ?? route} ${JSON.stringify(body) ?? ''}`;
        tally.report(`${name}: ${failure?.failure.message.slice(0, SHOWN_CHARS)}`, input);
      }
    }
  }
}

/** The program, installed once into the cache; or why there is none. */
async function install(): Promise<string | { reason: string }> {
  const dir = path.join(findCacheDir(), 'attack', `schemathesis-${VERSION}`);
  const program = path.join(dir, 'bin', 'schemathesis');
  const stamp = path.join(dir, 'installed');
  if (existsSync(stamp)) return program;
  rmSync(dir, { recursive: true, force: true });
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', dir]],
    [path.join(dir, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`]],
  ];
  for (const [command, args] of steps) {
    const { code, output } = await runProgram(command, args, { ms: INSTALL_MS });
    if (code !== 0) return { reason: `${command} ${args[1]} failed: ${output.trim().split('\n').at(-1)}` };
  }
  writeFileSync(stamp, '');
  return program;
}
