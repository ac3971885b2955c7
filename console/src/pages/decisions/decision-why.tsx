import { Card } from '../../components/card.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { ArbitrationComparison } from './arbitration-comparison.tsx';
import { messages } from './decision.messages.ts';
import { type Arbitration, type Decision, DO_NOTHING } from './decision.ts';
import styles from './decisions.module.css';
import { ScoreParts } from './score-parts.tsx';

/** Why the chosen actions won: by class, or in an arbitration against the others and doing nothing. */
export function DecisionWhy({ decision }: { decision: Decision }) {
  const t = useMessages(messages);
  const names = useNames();
  const { actions, arbitrations, candidates, outcome, policy } = decision;
  if (outcome === 'moved' || (actions.length === 0 && arbitrations.length === 0)) return null;
  const scored = candidates.filter(({ scoreParts }) => scoreParts !== undefined);
  return (
    <Card title={t.why}>
      <div className={styles.parts}>
        <ul className={styles.list}>
          {actions.map(({ action, enrollmentId, reasons }) => (
            <li key={`${action} ${enrollmentId}`}>
              {reasons
                .map((reason) =>
                  explain(
                    policy === 'rules' && reason === 'highest_score' ? 'byRules' : reason,
                    names.action(action),
                    t,
                  ),
                )
                .join(' ')}
            </li>
          ))}
          {arbitrations.some(({ chosen }) => chosen === DO_NOTHING) && <li>{t.do_nothing}</li>}
        </ul>
        {arbitrations.length === 0 && <p className={styles.muted}>{t.noCompetition}</p>}
        {arbitrations.map((arbitration) => (
          <ArbitrationComparison key={keyOf(arbitration)} arbitration={arbitration} candidates={candidates} />
        ))}
        {scored.length > 0 && <ScoreParts candidates={scored} />}
      </div>
    </Card>
  );
}

const keyOf = ({ chosen, arms }: Arbitration) => `${chosen} ${arms.map(({ arm }) => arm).join(' ')}`;

const REASONS = ['highest_class', 'highest_score', 'byRules', 'drawn', 'explored', 'fallback'] as const;

function explain(
  reason: string,
  action: string,
  t: Record<(typeof REASONS)[number], (values: { action: string }) => string>,
): string {
  const known = REASONS.find((name) => name === reason);
  return known ? t[known]({ action }) : `${action}: ${reason}`;
}
