import { Link } from '@tanstack/react-router';
import icon from '../../styles/icon.svg';
import styles from './brand.module.css';

/** The name, which leads to the start page. */
export const Brand = () => (
  <Link to="/" className={styles.brand} activeProps={{}}>
    <img src={icon} alt="" width="24" height="24" />
    Throughline
  </Link>
);
