import { Link } from '@tanstack/react-router';
import styles from './decisions.module.css';

const BEGINNING = 4;
const END = 8;

/** Leads to a customer. The id is shortened in the middle: its beginning is the time, which many share. */
export function CustomerLink({ id }: { id: string }) {
  const shown = id.length <= BEGINNING + END + 1 ? id : `${id.slice(0, BEGINNING)}…${id.slice(-END)}`;
  return (
    <Link to="/customers/$ref" params={{ ref: id }} className={styles.shortId} title={id}>
      {shown}
    </Link>
  );
}
