import { Card } from '../../components/card.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './action.messages.ts';
import type { ActionDetail } from './action.ts';

/** How often the action was chosen, how often only to learn, and what became of the rewards. */
export function ActionChoices({ action: { choices } }: { action: ActionDetail }) {
  const t = useMessages(messages);
  const { number, percent } = useFormat();
  const { chosen, explored, meanPropensity, leastPropensity, rewards } = choices;
  const states: Record<string, string> = {
    open: t.stateOpen,
    counted: t.stateCounted,
    not_sent: t.stateNotSent,
  };
  const least =
    leastPropensity === null ? '' : ` (${t.leastPropensity({ least: percent(leastPropensity) })})`;
  return (
    <Card title={t.exploration} note={t.explorationNote}>
      <KeyValue
        items={[
          { key: 'chosen', label: t.chosen, value: number(chosen) },
          {
            key: 'explored',
            label: t.explored,
            value: chosen === 0 ? '–' : `${number(explored)} (${percent(explored / chosen)})`,
          },
          {
            key: 'propensity',
            label: t.meanPropensity,
            value: meanPropensity === null ? '–' : `${percent(meanPropensity)}${least}`,
          },
          ...rewards.map(({ state, count }) => ({
            key: state,
            label: `${t.rewards}: ${states[state] ?? state}`,
            value: number(count),
          })),
        ]}
      />
    </Card>
  );
}
