import { useApi } from '../../api/use-api.ts';
import { QueryState } from '../../components/query-state.tsx';
import { WeightsForm } from './weights-form.tsx';

/** The weights by which actions compete, and what others would change. */
export function WeightsPanel() {
  const active = useApi('get', '/v1/arbitration');
  return <QueryState query={active}>{(data) => <WeightsForm key={data.version} active={data} />}</QueryState>;
}
