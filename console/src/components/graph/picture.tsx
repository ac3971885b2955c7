import '@xyflow/react/dist/base.css';
import {
  Background,
  type Edge,
  type EdgeTypes,
  type Node,
  type NodeTypes,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { Maximize2, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useMessages } from '../../i18n/messages.ts';
import type { Layout } from '../../journey-graph/layout.ts';
import { type Direction, findNeighbour } from '../../journey-graph/neighbours.ts';
import { IconButton } from '../button.tsx';
import { Skeleton } from '../skeleton.tsx';
import { FlowEdge, type FlowEdgeData } from './flow-edge.tsx';
import { FlowNode, type FlowNodeData } from './flow-node.tsx';
import styles from './graph.module.css';
import type { PictureProps } from './graph-frame.tsx';
import { messages } from './messages.ts';
import { useLayout } from './use-layout.ts';

const NODE_TYPES: NodeTypes = { step: FlowNode };
const EDGE_TYPES: EdgeTypes = { way: FlowEdge };
/** Of a graph that fits at this size; a longer one becomes as small as it has to. */
const SMALLEST = 0.08;
const KEYS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The picture of a graph: drag to move, pinch or Ctrl and wheel to zoom, arrow keys to go from step to step. */
export function Picture(props: PictureProps) {
  const layout = useLayout(props.graph);
  const t = useMessages(messages);
  if (!layout)
    return (
      <div role="status" aria-label={t.drawing}>
        <Skeleton height={props.height} />
      </div>
    );
  return (
    <ReactFlowProvider>
      <Flow {...props} layout={layout} />
    </ReactFlowProvider>
  );
}

function Flow({ layout, label, height, selected, onSelect, found }: PictureProps & { layout: Layout }) {
  const t = useMessages(messages);
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const first = layout.nodes.find(({ node }) => node.here)?.node.id ?? layout.nodes[0]?.node.id;
  const [active, setActive] = useState(selected ?? first);
  const focused = layout.nodes.some(({ node }) => node.id === active) ? active : first;
  const smallest = useMemo(() => {
    const bottom = Math.max(1, ...layout.nodes.map((placed) => placed.y + placed.height));
    return Math.min(SMALLEST, (0.8 * height) / bottom);
  }, [layout, height]);
  const { nodes, edges } = useMemo(
    () => toFlow(layout, { focused, selected, onSelect, onFocus: setActive }),
    [layout, focused, selected, onSelect],
  );
  const fit = useCallback(() => void flow.fitView({ padding: 0.08, maxZoom: 1 }), [flow]);
  useFirstView(layout, selected);
  useEffect(() => {
    const placed = layout.nodes.find(({ node }) => node.id === found);
    if (!placed) return;
    setActive(placed.node.id);
    void flow.setCenter(placed.x + placed.width / 2, placed.y + placed.height / 2, { zoom: 0.9 });
  }, [flow, layout, found]);

  const move = (event: KeyboardEvent) => {
    const direction = KEYS[event.key];
    if (!direction || !focused) return;
    event.preventDefault();
    const next = findNeighbour(layout, focused, direction);
    const placed = layout.nodes.find(({ node }) => node.id === next);
    if (!next || !placed) return;
    setActive(next);
    const zoom = Math.max(flow.getZoom(), 0.6);
    void flow.setCenter(placed.x + placed.width / 2, placed.y + placed.height / 2, { zoom });
    const focus = () =>
      frame.current
        ?.querySelector<HTMLElement>(`[data-step="${CSS.escape(next)}"]`)
        ?.focus({ preventScroll: true });
    focus();
    // A node of a large graph is drawn only when it is in view.
    requestAnimationFrame(focus);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move the focus among the buttons inside
    <div ref={frame} className={styles.picture} style={{ height }} onKeyDown={move}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements={layout.nodes.length > 150}
        zoomOnScroll={false}
        preventScrolling={false}
        minZoom={smallest}
        maxZoom={1.6}
        proOptions={{ hideAttribution: true }}
        aria-label={label}
      >
        <Background gap={20} size={1} />
        <Panel position="bottom-right" className={styles.controls ?? ''}>
          <IconButton size="sm" label={t.zoomIn} onClick={() => void flow.zoomIn()}>
            <Plus aria-hidden="true" />
          </IconButton>
          <IconButton size="sm" label={t.zoomOut} onClick={() => void flow.zoomOut()}>
            <Minus aria-hidden="true" />
          </IconButton>
          <IconButton size="sm" label={t.fit} onClick={fit}>
            <Maximize2 aria-hidden="true" />
          </IconButton>
        </Panel>
      </ReactFlow>
      <p className="visually-hidden">{t.keys}</p>
    </div>
  );
}

/** Shows all of a small graph; of a large one the beginning, or the node that matters, at a size that can be read. */
function useFirstView(layout: Layout, selected: string | undefined) {
  const flow = useReactFlow();
  const shown = useRef<number>(-1);
  useEffect(() => {
    if (shown.current === layout.nodes.length) return;
    const marked = layout.nodes.find(({ node }) => node.here || node.id === selected);
    const frame = requestAnimationFrame(() => {
      shown.current = layout.nodes.length;
      if (marked && layout.nodes.length > 12)
        void flow.setCenter(marked.x + marked.width / 2, marked.y + marked.height / 2, { zoom: 0.9 });
      else if (layout.nodes.length > 40) {
        const top = layout.nodes[0];
        if (top) void flow.setCenter(top.x + top.width / 2, top.y + 360, { zoom: 0.75 });
      } else void flow.fitView({ padding: 0.08, maxZoom: 1 });
    });
    return () => cancelAnimationFrame(frame);
  }, [flow, layout, selected]);
}

type Chosen = Omit<FlowNodeData, 'placed' | 'focused' | 'selected'> & {
  focused: string | undefined;
  selected: string | undefined;
};

function toFlow(
  layout: Layout,
  { focused, selected, onSelect, onFocus }: Chosen,
): { nodes: Node<FlowNodeData>[]; edges: Edge<FlowEdgeData>[] } {
  return {
    nodes: layout.nodes.map((placed) => {
      const { id } = placed.node;
      return {
        id,
        type: 'step',
        position: { x: placed.x, y: placed.y },
        width: placed.width,
        height: placed.height,
        data: { placed, focused: id === focused, selected: id === selected, onSelect, onFocus },
      };
    }),
    edges: layout.edges.map((placed) => {
      return {
        id: placed.id,
        source: placed.edge.from,
        target: placed.edge.to,
        type: 'way',
        data: { placed },
      };
    }),
  };
}
