import { Alert } from '../../components/alert.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { useAmount } from './amount.ts';
import styles from './decisions.module.css';
import type { WhatIf } from './use-what-if.ts';
import { messages } from './weights.messages.ts';

type Reward = WhatIf['value']['rewards'][number];
type RewardAmount = NonNullable<Reward['estimate']>['uplift']['value'];

const TONES = { ship: 'success', hold: 'info', insufficient: 'warning' } as const;

/** What the change would be worth; or why the recorded decisions cannot say. */
export function WhatIfValue({ value }: { value: WhatIf['value'] }) {
  const t = useMessages(messages);
  const changed = value.rewards.filter(({ unchanged }) => !unchanged);
  return (
    <Alert tone={TONES[value.verdict]} title={`${t.value}: ${t[value.verdict]}`}>
      {value.rewards.length === 0 && t.no_rows}
      <ul>
        {changed.map((reward) => (
          <RewardLine key={reward.kind} reward={reward} />
        ))}
      </ul>
    </Alert>
  );
}

function RewardLine({ reward: { actions, estimate, reasons } }: { reward: Reward }) {
  const t = useMessages(messages);
  const names = useNames();
  const { percent } = useFormat();
  const amount = useAmount();
  const write = (value: RewardAmount) => (typeof value === 'number' ? percent(value, 2) : amount(value));
  const words: Record<string, unknown> = t;
  const name = t.upliftOf({ actions: actions.map(names.action).join(', ') });
  if (!estimate) {
    const why = reasons.map((reason) => (typeof words[reason] === 'string' ? words[reason] : reason));
    return (
      <li>
        {name}: {why.join(' ')}
      </li>
    );
  }
  const { value, low, high } = estimate.uplift;
  return (
    <li>
      {name}: <strong>{write(value)}</strong>
      <span className={styles.muted}>{t.interval({ low: write(low), high: write(high) })}</span>
    </li>
  );
}
