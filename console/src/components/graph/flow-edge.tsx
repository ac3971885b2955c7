import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { PlacedEdge } from '../../journey-graph/layout.ts';
import { EdgeLabel, EdgeWay } from './edge-way.tsx';

export type FlowEdgeData = { placed: PlacedEdge };

/** A way from one step to another, where the layout leads it. */
export const FlowEdge = memo(function FlowEdge({ data }: EdgeProps<Edge<FlowEdgeData>>) {
  if (!data) return null;
  return (
    <>
      <EdgeWay placed={data.placed} />
      <EdgeLabelRenderer>
        <EdgeLabel placed={data.placed} />
      </EdgeLabelRenderer>
    </>
  );
});
