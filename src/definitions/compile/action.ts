import { suggestName } from '../../content/nearest-name.ts';
import type { ActionDef } from '../../domain/definition.ts';
import { compileCel } from '../cel/compile-cel.ts';
import { checkChannel } from '../check/channels.ts';
import type { CompileContext } from '../check/context.ts';
import { checkUnique } from '../check/unique.ts';
import type { ActionSource } from '../source/action-schema.ts';
import { RESERVED_IDS, toMillis } from '../source/scalars.ts';
import { compileAmount, compileExpression, compileWhen, type ExpressionContext } from './expression.ts';
import { readLabels } from './labels.ts';

/** Compiles an action. Checks what the schema can't: references to other definitions, and keys that contradict. */
export function compileAction(source: ActionSource, context: CompileContext): ActionDef {
  const { error } = context;
  const isHuman = source.mode === 'human';
  const channels = source.channels ?? [isHuman ? 'agent_desk' : 'email'];
  if (RESERVED_IDS.includes(source.id))
    error('id', `'${source.id}' is a reserved word in then and next: choose another id`);
  checkUnique(source.tags, 'tags', error);
  for (const [index, channel] of channels.entries())
    checkMode(channel, `channels[${index}]`, isHuman, context);
  checkUnique(channels, 'channels', error);
  if (isHuman && !source.task) error('task', 'mode human needs a task: queue, acknowledge, resolve');
  if (!isHuman && source.task) error('task', 'only goes with mode: human');
  if (!isHuman && Object.keys(source.reasons).length > 0) error('reasons', 'only goes with mode: human');
  source.task?.outcomes.forEach((outcome, index) => {
    if (RESERVED_IDS.includes(outcome))
      error(`task.outcomes[${index}]`, `'${outcome}' is an outcome that Throughline sets: choose another id`);
  });
  checkTopic(source, context);
  checkCombinations(source, context);
  const conditions = {
    eligible: compileExpression(context, 'eligible', source.eligible),
    applicable: compileExpression(context, 'applicable', source.applicable),
    suitable: compileExpression(context, 'suitable', source.suitable),
    value: compileAmount(context, 'value', source.value),
    cost: compileAmount(context, 'cost', source.cost),
  };
  const boost = source.boost.map(({ when, weight }, index) => ({
    when: compileWhen(context, `boost[${index}]`, when) ?? 'false',
    weight,
  }));
  const reasons = Object.entries(source.reasons).map(([code, when]) => ({
    code,
    when: compileExpression(context, `reasons.${code}`, when) ?? 'false',
  }));
  return {
    id: source.id,
    ...readLabels(source),
    class: source.class,
    purpose: source.purpose ?? source.class,
    topic: source.topic ?? null,
    tags: source.tags,
    product: source.product ?? null,
    mode: source.mode,
    channels,
    priority: source.priority,
    lever: source.lever,
    ...conditions,
    reward: source.reward ? compileReward(source.reward, context) : null,
    about: source.about ?? null,
    limit: compileLimits(source, context),
    budget: source.budget ? { amount: source.budget.amount, of: source.budget.of } : null,
    boost,
    inventory: source.inventory ? { units: source.inventory.units, per: source.inventory.per ?? null } : null,
    contentGroup: source.contentGroup ?? null,
    variants: {},
    coupon: source.coupon ? compileCoupon(source.coupon, context) : null,
    task: source.task
      ? {
          ...source.task,
          acknowledge: toMillis(source.task.acknowledge),
          resolve: toMillis(source.task.resolve),
        }
      : null,
    reasons,
    reads: listReads([...Object.values(conditions), ...[...boost, ...reasons].map(({ when }) => when)]),
  };
}

/** Desks are for actions that people carry out, and only for these. */
function checkMode(channel: string, path: string, isHuman: boolean, context: CompileContext): void {
  checkChannel(context, path, channel);
  const def = context.names.channels?.get(channel);
  if (!def) return;
  if (isHuman && def.via !== 'desk')
    context.error(path, `mode human goes through agent_desk, or a channel via desk`);
  if (!isHuman && def.via === 'desk') context.error(path, `${channel} needs mode: human`);
}

function checkTopic({ topic }: ActionSource, { error, names }: CompileContext): void {
  const { topics } = names;
  if (topic === undefined || topics === null || topics.length === 0 || topics.includes(topic)) return;
  error(
    'topic',
    `unknown topic '${topic}': use ${topics.join(', ')}, or add it to topics in workspace.yaml${suggestName(topic, topics)}`,
  );
}

function compileLimits({ limit, contentGroup }: ActionSource, { error }: CompileContext): ActionDef['limit'] {
  return [limit].flat().map(({ max, every, per, of }, index) => {
    const path = Array.isArray(limit) ? `limit[${index}].of` : 'limit.of';
    if (of === 'contentGroup' && contentGroup === undefined) error(path, 'needs a contentGroup');
    if (of === 'contentGroup' && per === 'account') error(path, 'goes with per: customer, or per: key');
    const counted = of === 'contentGroup' ? { of } : {};
    return { max, every: every === undefined ? null : toMillis(every), per, ...counted };
  });
}

/** Keys that have no effect as they are combined. */
function checkCombinations(
  { mode, coupon, budget, cost }: ActionSource,
  { error, warn, names }: CompileContext,
): void {
  if (coupon && mode === 'human')
    warn(
      'coupon',
      'only messages carry coupons: with mode human the verdict not_supported blocks the action',
    );
  if (budget && cost === undefined) warn('budget', 'has no effect without a cost: add cost');
  if (budget?.of === 'group' && !names.hasGroup) error('budget.of', 'there is no group: add group.yaml');
}

function compileReward(
  reward: NonNullable<ActionSource['reward']>,
  context: CompileContext,
): ActionDef['reward'] {
  const use: ExpressionContext = { events: [reward.on] };
  return {
    on: reward.on,
    when: compileWhen(context, 'reward', reward.when, use),
    match: reward.match ?? 'customer',
    within: toMillis(reward.within),
    amount: compileExpression(context, 'reward.amount', reward.amount, { ...use, expectedType: 'number' }),
  };
}

function compileCoupon(
  coupon: NonNullable<ActionSource['coupon']>,
  context: CompileContext,
): ActionDef['coupon'] {
  const once = compileExpression(context, 'coupon.once', coupon.once, { expectedType: 'text' }) ?? '';
  return { percent: coupon.percent, validFor: toMillis(coupon.validFor), once };
}

/** Attributes that conditions read, sorted. Conditions that don't parse have been reported. */
function listReads(conditions: (string | null)[]): string[] {
  const names = new Set<string>();
  for (const condition of conditions) {
    const compiled = condition === null ? undefined : compileCel(condition);
    if (!compiled?.ok) continue;
    for (const name of compiled.references.traits) names.add(name);
    for (const name of compiled.references.account) names.add(`account.${name}`);
  }
  return [...names].sort();
}
