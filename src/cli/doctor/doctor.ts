import { readDevFile } from '../../dev/dev-file.ts';
import type { Finding, Level } from '../../doctor/finding.ts';
import { UserError } from '../../user-error.ts';
import { readDatabaseUrl } from '../database.ts';
import { readTemporalTarget } from '../temporal-target.ts';
import { examine } from './examine.ts';

/** Looks at everything that a deployment needs, prints what it found, and fails if something does not work. */
export async function doctorCommand(options: { json?: boolean } = {}): Promise<void> {
  const dev = process.env.DATABASE_URL ? undefined : readDevFile();
  const findings = await examine({
    databaseUrl: readDatabaseUrl(),
    temporal: readTemporalTarget(dev),
    env: dev ? null : process.env,
  });
  const failures = findings.filter(({ level }) => level === 'fail').length;
  if (options.json) console.log(JSON.stringify({ healthy: failures === 0, findings }, undefined, 2));
  else for (const finding of findings) console.log(formatFinding(finding));
  const summary = summarise(findings);
  if (failures > 0) throw new UserError(summary);
  if (!options.json) console.log(summary);
}

/** `warn  there is no synchronous standby …`, and what to do about it on a line of its own. */
export function formatFinding({ level, message, remedy }: Finding): string {
  const line = `${level.padEnd(4)}  ${message}`;
  return remedy === undefined ? line : `${line}\n      → ${remedy}`;
}

function summarise(findings: readonly Finding[]): string {
  const number = (level: Level) => findings.filter((finding) => finding.level === level).length;
  return `doctor: ${number('fail')} failed, ${number('warn')} warned, ${number('ok')} ok`;
}
