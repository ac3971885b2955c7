import { Link } from '@tanstack/react-router';
import { Card } from '../../components/card.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { messages } from './action.messages.ts';
import type { ActionDetail } from './action.ts';
import styles from './decisions.module.css';

/** What the bundle says of the action. */
export function ActionFacts({ action }: { action: ActionDetail }) {
  const t = useMessages(messages);
  const { number, duration } = useFormat();
  const { class: actionClass, topic, channels, priority, lever, offeredBy, reward } = action;
  const items = [
    { key: 'class', label: t.class, value: actionClass },
    ...(topic === null ? [] : [{ key: 'topic', label: t.topic, value: topic }]),
    { key: 'channels', label: t.channels, value: channels.join(', ') },
    { key: 'priority', label: t.priority, value: number(priority) },
    { key: 'lever', label: t.lever, value: `× ${number(lever, 2)}` },
    { key: 'journeys', label: t.journeys, value: <Journeys ids={offeredBy.journeys} /> },
    ...(offeredBy.placements.length === 0
      ? []
      : [{ key: 'placements', label: t.placements, value: offeredBy.placements.join(', ') }]),
    {
      key: 'reward',
      label: t.reward,
      value: reward
        ? t.rewardText({ event: reward.on, within: duration(reward.withinSeconds * 1_000) })
        : t.noReward,
    },
  ];
  return (
    <Card
      title={t.about}
      aside={
        <Link to="/decisions" search={{ tab: 'weights' }}>
          {t.tryWeights}
        </Link>
      }
    >
      <KeyValue items={items} />
    </Card>
  );
}

function Journeys({ ids }: { ids: string[] }) {
  const t = useMessages(messages);
  const names = useNames();
  if (ids.length === 0) return t.none;
  return (
    <span className={styles.chips}>
      {ids.map((id) => (
        <Link key={id} to="/journeys/$id" params={{ id }}>
          {names.journey(id)}
        </Link>
      ))}
    </span>
  );
}
