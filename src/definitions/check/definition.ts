import type { Bundle, JourneyDef } from '../../domain/definition.ts';
import type { DefinitionSource } from '../source/read-sources.ts';
import type { CompileContext } from './context.ts';

/** A compiled definition, its source, and where problems of it are reported. */
export interface CompiledDefinition<T> {
  source: DefinitionSource<unknown>;
  context: CompileContext;
  def: T;
}

/** A journey of the active bundle. One that an older build compiled may lack newer keys. */
export type PreviousJourney = Pick<JourneyDef, 'id' | 'activeSince'> & Partial<JourneyDef>;

/**
 * The part of the active bundle that compiling the next one reads: since when each journey accepts events, which steps
 * it has, and where it moved the customers of removed steps. A whole {@link Bundle} is one.
 */
export interface PreviousBundle {
  journeys: PreviousJourney[];
  interest?: Bundle['interest'];
  room?: Bundle['room'];
}
