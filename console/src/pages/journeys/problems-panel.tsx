import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { SenderText } from '../../components/sender-text.tsx';
import { useMessages } from '../../i18n/messages.ts';
import styles from './edit.module.css';
import { editMessages } from './edit-messages.ts';
import type { ShownProblem } from './editor/locate-problem.ts';

interface Props {
  problems: readonly ShownProblem[];
  onGo(problem: ShownProblem): void;
}

/** Everything that is wrong with the files, or most likely not meant. Each leads to its place. */
export function ProblemsPanel({ problems, onGo }: Props) {
  const t = useMessages(editMessages);
  if (problems.length === 0)
    return (
      <p className={styles.good} role="status">
        <CircleCheck aria-hidden="true" size={16} /> {t.noProblems}
      </p>
    );
  return (
    <ul className={styles.problems} aria-label={t.tab_problems}>
      {problems.map((problem, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
        <li key={index} data-severity={problem.severity}>
          {problem.severity === 'error' ? (
            <CircleAlert size={15} role="img" aria-label={t.error} />
          ) : (
            <TriangleAlert size={15} role="img" aria-label={t.warning} />
          )}
          <div>
            <SenderText text={problem.message} limit={400} />
            {problem.file !== '' && (
              <button type="button" className={styles.place} onClick={() => onGo(problem)}>
                {problem.file}
                {problem.line === undefined ? '' : `:${problem.line}`}
                {problem.path !== '' && ` · ${problem.path.slice(0, 120)}`}
              </button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
