import type { ActionDef } from '../domain/definition.ts';
import type { ActionSource } from './action-schema.ts';
import { celAt, celMoneyAt, type Reports } from './cel-check.ts';
import { millis, RESERVED_IDS } from './scalars.ts';

/** Compiles an action and checks what the schema can't. */
export function compileAction(source: ActionSource, reports: Reports): ActionDef {
  const { error } = reports;
  const human = source.mode === 'human';
  const channels = source.channels ?? [human ? 'agent_desk' : 'email'];
  if (RESERVED_IDS.includes(source.id))
    error('id', `'${source.id}' has a meaning in then and next; choose another id`);
  checkUnique(source.tags, 'tags', error);
  channels.forEach((channel, index) => {
    if (human && channel !== 'agent_desk')
      error(`channels[${index}]`, 'mode human goes through agent_desk only');
    if (!human && channel === 'agent_desk') error(`channels[${index}]`, 'agent_desk needs mode: human');
  });
  checkUnique(channels, 'channels', error);
  if (human && !source.task) error('task', 'mode human needs a task: queue, acknowledge, resolve');
  if (!human && source.task) error('task', 'only goes with mode: human');
  source.task?.outcomes.forEach((outcome, index) => {
    if (RESERVED_IDS.includes(outcome))
      error(`task.outcomes[${index}]`, `'${outcome}' is given by the engine; choose another id`);
  });
  return {
    id: source.id,
    class: source.class,
    topic: source.topic ?? null,
    tags: source.tags,
    mode: source.mode,
    channels,
    priority: source.priority,
    lever: source.lever,
    eligible: celAt(reports, 'eligible', source.eligible),
    applicable: celAt(reports, 'applicable', source.applicable),
    suitable: celAt(reports, 'suitable', source.suitable),
    value: celMoneyAt(reports, 'value', source.value),
    cost: celMoneyAt(reports, 'cost', source.cost),
    about: source.about ?? null,
    limit: [source.limit]
      .flat()
      .map(({ max, every, per }) => ({ max, every: every === undefined ? null : millis(every), per })),
    task: source.task
      ? { ...source.task, acknowledge: millis(source.task.acknowledge), resolve: millis(source.task.resolve) }
      : null,
  };
}

function checkUnique(items: readonly string[], path: string, error: Reports['error']): void {
  items.forEach((item, index) => {
    if (items.indexOf(item) < index) error(`${path}[${index}]`, `'${item}' stands there twice`);
  });
}
