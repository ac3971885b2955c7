import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/empty.tsx';
import { Instant } from '../../components/instant.tsx';
import { Table } from '../../components/table.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';

/** The scores and attributes that the decision rested on. */
export function DecisionEvidence({ decision, zone }: { decision: Decision; zone: string }) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const { dataUsed } = decision;
  const scores = Object.entries(decision.scores ?? {});
  return (
    <Card title={t.used} note={t.usedNote} flush>
      {scores.length === 0 && dataUsed.length === 0 && <Empty title={t.noUsed} />}
      {scores.length > 0 && (
        <Table caption={t.scoreName}>
          <thead>
            <tr>
              <th scope="col">{t.scoreName}</th>
              <th scope="col" data-number>
                {t.value}
              </th>
            </tr>
          </thead>
          <tbody>
            {scores.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{nameScore(name, t)}</th>
                <td data-number>
                  {isTime(name) ? (
                    <Instant at={new Date(value).toISOString()} zone={zone} as="date" />
                  ) : (
                    number(value, 3)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {dataUsed.length > 0 && (
        <Table caption={t.attribute}>
          <thead>
            <tr>
              <th scope="col">{t.attribute}</th>
              <th scope="col">{t.permission}</th>
              <th scope="col">{t.source}</th>
              <th scope="col">{t.as}</th>
              <th scope="col">{t.usedBy}</th>
            </tr>
          </thead>
          <tbody>
            {dataUsed.map(({ attribute, permission, source, at, stale, actions }) => (
              <tr key={attribute}>
                <th scope="row">{attribute}</th>
                <td>{permission === 'undeclared' ? t.undeclared : permission}</td>
                <td>{source}</td>
                <td>
                  <Instant at={at} zone={zone} /> {stale && <Badge tone="warning">{t.stale}</Badge>}
                </td>
                <td>{actions.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

/** Some of the scores are dates in milliseconds: when the next order is overdue, when the customer counts as lapsed. */
const isTime = (score: string) => score.endsWith('At');

/** What a score measures; one that this build does not know keeps its name. */
function nameScore(score: string, names: object): string {
  const name: unknown = Object.entries(names).find(([key]) => key === `score_${score}`)?.[1];
  return typeof name === 'string' ? name : score;
}
