import { ROLES } from '../../db/schema/values.ts';

/** JSON Schema, as far as the document uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  additionalProperties?: boolean | Schema;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

interface DocumentedOperation {
  operationId?: string;
  description?: string;
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, unknown>;
}

export interface OpenApi {
  security?: Record<string, string[]>[];
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
}

/**
 * What an operation needs: nothing, a vendor's signature, a login in its body, the cookie of a session, a key that sends
 * events, or one of the API with these scopes, or a person with one of these roles.
 */
export type Access =
  | { kind: 'open' }
  | { kind: 'login' }
  | { kind: 'session' }
  | { kind: 'signed' }
  | { kind: 'write' }
  | { kind: 'api'; scopes: string[]; roles: readonly string[]; takesEmbedToken: boolean };

/** One call of the API, as the document describes it. */
export interface DocumentedCall {
  method: string;
  path: string;
  access: Access;
  query: Parameter[];
  /** Of a JSON body. */
  body: Schema | null;
  contentTypes: string[];
  statuses: number[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** All calls of the document. @throws Error for one that does not say who may make it */
export function listCalls(document: OpenApi): DocumentedCall[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => {
        const content = operation.requestBody?.content ?? {};
        return {
          method: method.toUpperCase(),
          path,
          access: readAccess(document, operation, `${method} ${path}`),
          query: (operation.parameters ?? [])
            .map((parameter) => resolveParameter(document, parameter))
            .filter((parameter) => parameter.in === 'query'),
          body: content['application/json']?.schema ?? null,
          contentTypes: Object.keys(content),
          statuses: Object.keys(operation.responses).map(Number),
        };
      }),
  );
}

function readAccess(document: OpenApi, operation: DocumentedOperation, name: string): Access {
  const security = operation.security ?? document.security ?? [];
  if (security.length === 0) {
    if (operation.operationId?.startsWith('logIn')) return { kind: 'login' };
    return { kind: operation.description?.startsWith('The request is signed') ? 'signed' : 'open' };
  }
  const schemes = security.flatMap((each) => Object.keys(each));
  if (schemes.every((scheme) => scheme === 'session')) return { kind: 'session' };
  if (schemes.includes('writeKey')) return { kind: 'write' };
  const [, scopes, roles] = /^Scope: ([^.]+)\.(?: Roles: ([^.]+)\.)?/.exec(operation.description ?? '') ?? [];
  if (schemes.includes('apiKey') && scopes)
    return {
      kind: 'api',
      scopes: scopes.replaceAll('`', '').split(' and '),
      roles: schemes.includes('session') ? (roles?.split(', ') ?? ROLES) : [],
      takesEmbedToken: schemes.includes('embedToken'),
    };
  throw new Error(`the document does not say which key ${name} needs`);
}

function resolveParameter(document: OpenApi, parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').pop();
  return name === undefined ? parameter : (document.components.parameters[name] as Parameter);
}

/** The schema that a reference names. */
export function resolveSchema(document: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.split('/').pop();
  return name === undefined ? schema : resolveSchema(document, document.components.schemas[name] as Schema);
}

/** Whether a call compiles a bundle, for which few of one workspace may wait. */
export function compilesBundle({ method, path }: Pick<DocumentedCall, 'method' | 'path'>): boolean {
  return method !== 'GET' && /^\/v1\/(config|what-if)/.test(path);
}
