import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { Select } from '../../components/select.tsx';
import { TextInput } from '../../components/text-input.tsx';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { useNames } from '../../names/use-names.ts';
import { useSentences } from '../../sentences/use-sentences.ts';
import { CandidateRow } from './candidate-row.tsx';
import { messages } from './decision.messages.ts';
import type { Decision } from './decision.ts';
import styles from './decisions.module.css';
import { matchesText } from './matches-text.ts';

const route = getRouteApi('/shell/decisions/$id');
const VERDICTS = ['chosen', 'outranked', 'allowed', 'blocked'] as const;
const PAGE = 50;

interface Props {
  decision: Decision;
  zone: string;
  journeyOf(enrollment: string): string | undefined;
}

/** Every candidate with every verdict in words. The filters are in the URL. */
export function DecisionCandidates({ decision, zone, journeyOf }: Props) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const sentences = useSentences(zone);
  const names = useNames();
  const { find = '', verdict } = route.useSearch();
  const navigate = route.useNavigate();
  const [limit, setLimit] = useState(PAGE);
  const { candidates } = decision;
  const found = useMemo(
    () =>
      candidates
        .filter((candidate) => verdict === undefined || candidate.verdict === verdict)
        .filter((candidate) => matchesText(candidate, find, { sentences, names }))
        .sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || b.score - a.score),
    [candidates, find, verdict, sentences, names],
  );
  const shown = found.slice(0, limit);
  if (candidates.length === 0)
    return (
      <Card title={t.candidates}>
        <Empty title={t.noCandidates} />
      </Card>
    );
  return (
    <Card
      title={t.candidates}
      note={t.candidatesNote({ shown: number(shown.length), all: number(candidates.length) })}
    >
      <FilterBar label={t.candidates}>
        <TextInput
          label={t.find}
          type="search"
          value={find}
          onChange={({ target }) =>
            void navigate({ search: (now) => ({ ...now, find: target.value || undefined }), replace: true })
          }
        />
        <Select
          label={t.verdict}
          value={verdict ?? ''}
          options={[
            { value: '', label: t.allVerdicts },
            ...VERDICTS.map((value) => ({ value, label: t[value] })),
          ]}
          onChange={(value) =>
            void navigate({ search: (now) => ({ ...now, verdict: VERDICTS.find((name) => name === value) }) })
          }
        />
      </FilterBar>
      {found.length === 0 && <Empty title={t.noneFound} />}
      <ul className={styles.list}>
        {shown.map((candidate, index) => (
          <CandidateRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a real-time decision may propose one action twice
            key={`${candidate.enrollmentId} ${candidate.action} ${candidate.channel} ${index}`}
            candidate={candidate}
            sentences={sentences}
            journey={journeyOf(candidate.enrollmentId)}
          />
        ))}
      </ul>
      {found.length > shown.length && <Button onClick={() => setLimit(limit + PAGE)}>{t.showMore}</Button>}
    </Card>
  );
}
