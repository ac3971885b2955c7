import moment from 'moment-timezone';
import type { TicketPolicy, WorkspaceDef } from '../domain/definition.ts';
import { type Reports, whenAt } from './cel-check.ts';
import { BUILT_IN } from './channels.ts';
import { checkUnique } from './check-unique.ts';
import { compileCaps } from './compile-caps.ts';
import { compileDecisioning } from './compile-decisioning.ts';
import { hundredths, millis, minorUnits, minutes } from './scalars.ts';
import type { WorkspaceSource } from './workspace-schema.ts';

/** Compiles `workspace.yaml` and checks what the schema can't. `purposes`: those that actions have. */
export function compileWorkspace(
  source: WorkspaceSource,
  purposes: ReadonlySet<string> | null,
  reports: Reports,
): WorkspaceDef {
  const { error } = reports;
  // The bundled table, not `Intl`: a zone that apply accepts must be one that decisions can compute with.
  if (!moment.tz.names().includes(source.timezone)) {
    error('timezone', `unknown time zone '${source.timezone}': use an IANA name such as Europe/Berlin`);
  }
  if (source.quiet && source.quiet.from === source.quiet.to) {
    error('quiet', 'from and to are the same: give hours between them, or leave quiet out');
  }
  checkUnique(source.locales, 'locales', error);
  checkUnique(
    source.stages.map((stage) => stage.id),
    'stages',
    error,
    '.id',
  );
  for (const id of Object.keys(source.channels)) {
    if (Object.hasOwn(BUILT_IN, id)) error(`channels.${id}`, `'${id}' is always there: leave it out`);
  }
  checkUnique(source.topics, 'topics', error);
  return {
    id: source.id,
    name: source.name,
    currency: source.currency,
    timezone: source.timezone,
    locales: source.locales,
    holdout: hundredths(source.holdout),
    stages: source.stages.map(({ id, owner, when }, index) => ({
      id,
      owner,
      // Without a condition it is for reports only: nobody is put into it.
      when: whenAt(reports, `stages[${index}]`, when, { events: null, enrollment: false }) ?? 'false',
    })),
    topics: source.topics,
    snooze: source.snooze.map(millis),
    tickets: compileTickets(source.tickets),
    channels: Object.fromEntries(
      Object.entries(source.channels).map(([id, { via, address }]) => [
        id,
        { via, address: address ?? null },
      ]),
    ),
    spacing: millis(source.spacing),
    spread: millis(source.spread),
    caps: compileCaps(source.caps, 'customer', purposes, reports),
    quiet: source.quiet
      ? { from: minutes(source.quiet.from), to: minutes(source.quiet.to), classes: source.quiet.classes }
      : null,
    sunset: source.sunset ? { after: millis(source.sunset.after) } : null,
    personalisation: source.personalisation,
    valueHalf: minorUnits(source.scores.value.half),
    ...compileDecisioning(source, reports),
    sender: source.sender,
  };
}

function compileTickets(source: WorkspaceSource['tickets']): TicketPolicy {
  return {
    suppress: source.suppress,
    scope: source.scope,
    cooldown: millis(source.cooldown),
    maxAge: millis(source.maxAge),
    severity: Object.fromEntries(
      Object.entries(source.severity).map(([name, { suppress, cooldown }]) => [
        name,
        { suppress: suppress ?? null, cooldown: cooldown === undefined ? null : millis(cooldown) },
      ]),
    ),
  };
}
