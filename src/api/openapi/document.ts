import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { OPERATIONS } from '../operations.ts';
import { changeStreamRoutes } from './change-streams.ts';
import { clientRoutes } from './client-calls.ts';
import { customerPageRoutes } from './customer-pages.ts';
import { describeOperation } from './describe-operation.ts';
import { EXAMPLES } from './examples.ts';
import { inboxStreamRoutes } from './inbox-stream.ts';
import { problemResponses, problemSchema } from './problems.ts';
import { segmentRoutes } from './segment-calls.ts';
import { serviceRoutes } from './service-calls.ts';
import { sessionRoutes } from './session-calls.ts';
import { type JsonObject, shareComponents } from './share-components.ts';
import { TAGS } from './tags.ts';

/** The OpenAPI 3.1 document of everything that the API serves. */
export function openApiDocument(): Record<string, unknown> {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'writeKey', {
    type: 'http',
    scheme: 'basic',
    description: 'A write key as the user name, as `writeKey` in body or query, or as a bearer token',
  });
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key with the scope that the operation needs',
  });
  registry.registerComponent('securitySchemes', 'inboxToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'An inbox token, which shows the inbox of one customer',
  });
  registry.registerComponent('securitySchemes', 'embedToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of an embedded page, which reads one customer',
  });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'throughline_session',
    description:
      'The cookie of a session, `__Host-throughline_session` over https. Every request that is no GET needs the header `X-CSRF-Token`, too',
  });
  registry.registerComponent('schemas', 'Problem', problemSchema());
  for (const [name, response] of Object.entries(problemResponses()))
    registry.registerComponent('responses', name, response);
  const routes = [
    ...segmentRoutes(),
    ...clientRoutes(),
    ...OPERATIONS.map(describeOperation),
    ...inboxStreamRoutes(),
    ...changeStreamRoutes(),
    ...sessionRoutes(),
    ...serviceRoutes(),
    ...customerPageRoutes(),
  ];
  for (const route of routes) registry.registerPath(route);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Throughline',
      version: '1',
      description: 'Customer journeys: events in; decisions, deliveries and tasks out.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ apiKey: [] }, { session: [] }],
    servers: [{ url: '/', description: 'The server that this document comes from' }],
    tags: TAGS,
  });
  return addExamples(shareComponents(JSON.parse(JSON.stringify(document))));
}

function addExamples(document: JsonObject): JsonObject {
  const { schemas } = document.components as { schemas: Record<string, JsonObject> };
  for (const [name, example] of Object.entries(EXAMPLES))
    schemas[name] = { ...schemas[name], examples: [example as JsonObject] };
  return document;
}
