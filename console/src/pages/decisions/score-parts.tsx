import { Table } from '../../components/table.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { useAmount } from './amount.ts';
import { messages } from './decision.messages.ts';
import type { Candidate } from './decision.ts';
import styles from './decisions.module.css';

/** The terms of each score that a model gave. */
export function ScoreParts({ candidates }: { candidates: Candidate[] }) {
  const t = useMessages(messages);
  const names = useNames();
  const { number } = useFormat();
  const amount = useAmount();
  return (
    <div>
      <h3>{t.parts}</h3>
      <p className={styles.muted}>{t.partsNote}</p>
      <Table caption={t.parts}>
        <thead>
          <tr>
            <th scope="col">{t.arm}</th>
            {[
              t.value,
              t.context,
              t.lever,
              t.expected,
              t.baseline,
              t.cost,
              t.fatigue,
              t.score,
              t.evidence,
            ].map((name) => (
              <th key={name} scope="col" data-number>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {candidates.flatMap(({ action, channel, enrollmentId, score, scoreParts: parts }) =>
            parts ? (
              <tr key={`${enrollmentId} ${action} ${channel}`}>
                <th scope="row">
                  {names.action(action)} · {channel}
                </th>
                <td data-number>{amount(parts.value)}</td>
                <td data-number>{number(parts.context, 2)}</td>
                <td data-number>{number(parts.lever, 2)}</td>
                <td data-number>{number(parts.expected, 4)}</td>
                <td data-number>{number(parts.baseline, 4)}</td>
                <td data-number>{amount(parts.cost)}</td>
                <td data-number>{amount(parts.fatigue)}</td>
                <td data-number>{number(score, 4)}</td>
                <td data-number>{parts.hasEvidence ? number(parts.evidence) : t.noEvidence}</td>
              </tr>
            ) : (
              []
            ),
          )}
        </tbody>
      </Table>
    </div>
  );
}
