import { type Finding, warn } from './finding.ts';

/** Judges what CMSs have answered: messages go on with the last good copy, so only a person notices. */
export function judgeCms(failing: readonly { workspace: string; file: string; error: string }[]): Finding[] {
  return failing.map(({ workspace, file, error }) =>
    warn(
      'cms',
      `workspace ${workspace}: the newest content of ${file} is not used: ${error}`,
      'mend it in the CMS, or the setting CMS of the relay; until then the last good copy is sent',
    ),
  );
}
