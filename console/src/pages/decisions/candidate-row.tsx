import { Link } from '@tanstack/react-router';
import { Ban, Check } from 'lucide-react';
import type { Sentences } from '../../../../src/sentences/create-sentences.ts';
import { sortReasons } from '../../../../src/sentences/sort-reasons.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { useGateName } from '../../reasons/gate-names.ts';
import { messages } from './decision.messages.ts';
import type { Candidate } from './decision.ts';
import styles from './decisions.module.css';
import { writeLift, writeReason } from './write-reason.ts';

type Verdict = Candidate['gates'][number];

const TONES = {
  chosen: 'success',
  outranked: 'info',
  allowed: 'neutral',
  blocked: 'warning',
} as const satisfies Record<Candidate['verdict'], Tone>;

interface Props {
  candidate: Candidate;
  sentences: Sentences;
  /** The journey of its enrollment, if that is known. */
  journey: string | undefined;
}

/** One candidate: its verdict, why, and when that lifts. */
export function CandidateRow({ candidate, sentences, journey }: Props) {
  const t = useMessages(messages);
  const names = useNames();
  const { number, percent } = useFormat();
  const { action, channel, verdict, score, propensity, gates } = candidate;
  const failed = sortReasons(gates.filter(({ pass }) => !pass));
  const passed = gates.filter(({ pass }) => pass);
  return (
    <li className={styles.candidate}>
      <div className={styles.candidateHead}>
        <strong>
          <Link to="/actions/$id" params={{ id: action }}>
            {names.action(action)}
          </Link>
        </strong>
        <span className={styles.mutedInline}>{t.on({ channel })}</span>
        <Badge tone={TONES[verdict]}>{t[verdict]}</Badge>
        <span className={styles.mutedInline}>{journey !== undefined && names.journey(journey)}</span>
        <span className={styles.numbers}>
          {t.score} {number(score, 4)} · {t.probability} {percent(propensity)}
        </span>
      </div>
      {failed.length > 0 && (
        <ul className={styles.reasons}>
          {failed.map((reason) => (
            <Reason
              key={`${reason.gate} ${reason.rule} ${reason.code}`}
              reason={reason}
              sentences={sentences}
              channel={channel}
            />
          ))}
        </ul>
      )}
      {passed.length > 0 && <Passed gates={passed} />}
    </li>
  );
}

function Reason({ reason, sentences, channel }: { reason: Verdict; sentences: Sentences; channel: string }) {
  const t = useMessages(messages);
  const { rule, version } = reason;
  return (
    <li>
      <Ban aria-hidden="true" className={styles.stop} />
      <span>
        {writeReason(reason, sentences, channel)}.{' '}
        <span className={styles.mutedInline}>
          {writeLift(reason, sentences)}
          {rule !== undefined && ` · ${t.rule({ rule })}`}
          {version !== undefined && ` ${t.ofBundle({ version })}`}
        </span>
      </span>
    </li>
  );
}

function Passed({ gates }: { gates: Verdict[] }) {
  const t = useMessages(messages);
  const gateName = useGateName();
  const names = [...new Set(gates.map(({ gate }) => gate))];
  return (
    <details className={styles.passed}>
      <summary>{t.passed({ count: names.length })}</summary>
      <ul className={styles.chips}>
        {names.map((gate) => (
          <li key={gate} className={styles.gate}>
            <Check aria-hidden="true" />
            {gateName(gate)}
          </li>
        ))}
      </ul>
    </details>
  );
}
