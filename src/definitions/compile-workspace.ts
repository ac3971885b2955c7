import moment from 'moment-timezone';
import type { WorkspaceDef } from '../domain/definition.ts';
import type { Report } from './problem.ts';
import { millis, minutes } from './scalars.ts';
import type { WorkspaceSource } from './workspace-schema.ts';

/** Compiles `workspace.yaml` and checks what the schema can't. */
export function compileWorkspace(source: WorkspaceSource, error: Report): WorkspaceDef {
  // The bundled table, not `Intl`: a zone that apply accepts must be one that decisions can compute with.
  if (!moment.tz.names().includes(source.timezone)) {
    error('timezone', `unknown time zone '${source.timezone}': use an IANA name such as Europe/Berlin`);
  }
  if (source.quiet && source.quiet.from === source.quiet.to) {
    error('quiet', 'from and to are the same: give hours between them, or leave quiet out');
  }
  duplicates(source.locales, 'locales', '', error);
  duplicates(
    source.stages.map((stage) => stage.id),
    'stages',
    '.id',
    error,
  );
  return {
    id: source.id,
    name: source.name,
    currency: source.currency,
    timezone: source.timezone,
    locales: source.locales,
    tickets: {
      suppress: source.tickets.suppress,
      cooldown: millis(source.tickets.cooldown),
    },
    spacing: millis(source.spacing),
    caps: source.caps.map(({ max, per, channel }) => ({ max, per: millis(per), channel: channel ?? null })),
    quiet: source.quiet
      ? { from: minutes(source.quiet.from), to: minutes(source.quiet.to), classes: source.quiet.classes }
      : null,
    valueHalf: Math.round(source.scores.value.half * 100),
    sender: source.sender,
  };
}

function duplicates(items: readonly string[], path: string, suffix: string, error: Report): void {
  items.forEach((item, index) => {
    if (items.indexOf(item) < index) error(`${path}[${index}]${suffix}`, `'${item}' stands there twice`);
  });
}
