import { count, type Finding, fail, ok, warn } from './finding.ts';

export interface SourceFacts {
  /** Sources of the active bundles. */
  declared: readonly { workspace: string; id: string }[];
  /** Those that have secrets, by `SOURCES` and `SOURCES_FILE`; null where that could not be read. */
  configured: readonly { workspace: string; id: string }[] | null;
  /** What is wrong with `SOURCES_FILE`; null: nothing. */
  fileProblem: string | null;
}

const CHECK = 'sources';

/** Judges whether every source of webhooks has a secret, and every secret a source. */
export function judgeSources({ declared, configured, fileProblem }: SourceFacts): Finding[] {
  if (fileProblem !== null)
    return [fail(CHECK, `SOURCES_FILE ${fileProblem}`, 'correct the file; it is read again when it changes')];
  if (configured === null) return [];
  const findings = [
    ...declared.flatMap((source) => judgeDeclared(source, configured)),
    ...configured.flatMap((source) => judgeConfigured(source, declared)),
  ];
  if (findings.length > 0 || declared.length === 0) return findings;
  return [ok(CHECK, `${count(declared.length, 'source')} of webhooks can be verified`)];
}

function judgeDeclared({ workspace, id }: Source, configured: readonly Source[]): Finding[] {
  const secret = configured.find((other) => other.id === id);
  if (secret?.workspace === workspace) return [];
  if (secret)
    return [
      fail(
        CHECK,
        `source ${id} of workspace ${workspace} has the id of a source of workspace ${secret.workspace}: its requests are answered with 404`,
        'rename one of them in sources.yaml: ids are unique in the installation',
      ),
    ];
  return [
    warn(
      CHECK,
      `source ${id} of workspace ${workspace} has no secret: its requests are answered with 404`,
      `add it to SOURCES or SOURCES_FILE: {"${id}": {"workspace": "${workspace}", "secrets": ["…"]}}`,
    ),
  ];
}

function judgeConfigured({ workspace, id }: Source, declared: readonly Source[]): Finding[] {
  if (declared.some((source) => source.id === id)) return [];
  return [
    warn(
      CHECK,
      `the secret of ${id} belongs to no source: sources.yaml of workspace ${workspace} has none of this id`,
      'apply a bundle with it, or remove it from SOURCES or SOURCES_FILE',
    ),
  ];
}

interface Source {
  workspace: string;
  id: string;
}
