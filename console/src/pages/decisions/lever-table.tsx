import { Link } from '@tanstack/react-router';
import { Slider } from '../../components/slider.tsx';
import { Table } from '../../components/table.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import styles from './decisions.module.css';
import { messages } from './weights.messages.ts';
import type { Arbitration, DraftWeights } from './weights.ts';

interface Props {
  active: Arbitration;
  draft: DraftWeights;
  disabled: boolean;
  onChange(draft: DraftWeights): void;
}

const LONGEST_PRIORITY = 6;

/** The lever and the priority of each marketing action: of the other classes there is nothing to weigh. */
export function LeverTable({ active, draft, disabled, onChange }: Props) {
  const t = useMessages(messages);
  const names = useNames();
  const { number } = useFormat();
  const actions = active.actions
    .filter((item) => item.class === 'marketing')
    .sort((a, b) => b.priority - a.priority || (a.action < b.action ? -1 : 1));
  return (
    <Table caption={t.levers}>
      <thead>
        <tr>
          <th scope="col">{t.action}</th>
          <th scope="col">{t.leverColumn}</th>
          <th scope="col">{t.priorityColumn}</th>
        </tr>
      </thead>
      <tbody>
        {actions.map(({ action }) => {
          const lever = draft.levers[action] ?? 1;
          return (
            <tr key={action}>
              <th scope="row">
                <Link to="/actions/$id" params={{ id: action }}>
                  {names.action(action)}
                </Link>
              </th>
              <td className={styles.lever}>
                <Slider
                  label={<span className="visually-hidden">{t.lever({ action: names.action(action) })}</span>}
                  min={0.5}
                  max={2}
                  step={0.05}
                  value={lever}
                  disabled={disabled}
                  text={`× ${number(lever, 2)}`}
                  onChange={(value) => onChange({ ...draft, levers: { ...draft.levers, [action]: value } })}
                />
              </td>
              <td className={styles.priority}>
                <TextInput
                  label={t.priority({ action: names.action(action) })}
                  hideLabel
                  type="number"
                  step={1}
                  value={String(draft.priorities[action] ?? 0)}
                  disabled={disabled}
                  onChange={({ target }) => {
                    const value = Math.trunc(Number(target.value.slice(0, LONGEST_PRIORITY)));
                    onChange({ ...draft, priorities: { ...draft.priorities, [action]: value } });
                  }}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
