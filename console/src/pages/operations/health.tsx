import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { classNames } from '../../components/class-names.ts';
import { Instant } from '../../components/instant.tsx';
import { useMessages } from '../../i18n/messages.ts';
import { checkMessages, KNOWN } from './check.messages.ts';
import styles from './health.module.css';
import { messages } from './messages.ts';
import type { Level, Status } from './status.ts';

const ICONS = { ok: CircleCheck, warn: TriangleAlert, fail: CircleAlert };

/** Green, amber or red, in words, with what to do: what `throughline doctor` would say. */
export function Health({ status }: { status: Status }) {
  const t = useMessages(messages);
  const problems = status.findings.filter(({ level }) => level !== 'ok');
  const fine = status.findings.length - problems.length;
  return (
    <section className={classNames(styles.health, styles[status.level])} aria-label={t.health}>
      <header className={styles.header}>
        <Sign level={status.level} />
        <div aria-live="polite">
          <h2>{t[`level_${status.level}`]}</h2>
        </div>
        <span className={styles.at}>
          {t.asOf} <Instant at={status.at} as="time" />
        </span>
      </header>
      {problems.length > 0 && (
        <ul className={styles.findings}>
          {problems.map((finding) => (
            <Finding key={`${finding.check}/${finding.message}`} finding={finding} />
          ))}
        </ul>
      )}
      <p className={styles.fine}>{t.fine({ count: fine })}</p>
    </section>
  );
}

function Finding({ finding: { level, check, message, remedy } }: { finding: Status['findings'][number] }) {
  const t = useMessages(checkMessages);
  const code = KNOWN.find((known) => known === check);
  return (
    <li className={styles.finding}>
      <Sign level={level} />
      <div className={styles.words}>
        <p className={styles.title}>{code ? t[`${code}_title`] : check}</p>
        <p lang="en" className={styles.message}>
          <bdi dir="auto">{message}</bdi>
        </p>
        <p>
          <span className={styles.todo}>{t.todo}</span>{' '}
          {code ? t[`${code}_remedy`] : <span lang="en">{remedy}</span>}
        </p>
      </div>
    </li>
  );
}

function Sign({ level }: { level: Level }) {
  const t = useMessages(messages);
  const Icon = ICONS[level];
  return (
    <span className={styles[level]}>
      <Icon aria-hidden="true" className={styles.icon} />
      <span className="visually-hidden">{t[`sign_${level}`]}</span>
    </span>
  );
}
