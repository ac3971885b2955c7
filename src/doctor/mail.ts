import { type Finding, fail, ok } from './finding.ts';

/** Judges an attempt to greet the mail server. `problem`: why it failed, or null. */
export function judgeMail({ server, problem }: { server: string; problem: string | null }): Finding {
  const check = 'mail_server';
  if (problem === null) return ok(check, `the mail server ${server} answers`);
  return fail(
    check,
    `the mail server ${server} does not answer (${problem})`,
    'start it, or correct SMTP_URL',
  );
}
