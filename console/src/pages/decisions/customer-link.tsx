import { Link } from '@tanstack/react-router';
import { SenderText } from '../../components/sender-text.tsx';
import styles from './decisions.module.css';

const BEGINNING = 4;
const END = 8;

/** Leads to a customer, by name if there is one. An id is shortened in the middle: its beginning is the time, which many share. */
export function CustomerLink({ id, name = null }: { id: string; name?: string | null }) {
  if (name !== null)
    return (
      <Link to="/customers/$ref" params={{ ref: id }} title={id}>
        <SenderText plain text={name} limit={60} />
      </Link>
    );
  const shown = id.length <= BEGINNING + END + 1 ? id : `${id.slice(0, BEGINNING)}…${id.slice(-END)}`;
  return (
    <Link to="/customers/$ref" params={{ ref: id }} className={styles.shortId} title={id}>
      {shown}
    </Link>
  );
}
