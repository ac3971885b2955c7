import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { cloudEvent, success } from '../events/schema.ts';
import { rudderStackSettings, segmentSettings } from '../sdk-settings/schema.ts';
import { problemRefs } from './problems.ts';

const EVENT = {
  specversion: '1.0',
  id: 'A-77',
  source: '/shop',
  type: 'Order Completed',
  subject: 'u-1042',
  data: { order_id: 'O-77', total: 39.9, currency: 'EUR' },
};

/** Calls of other libraries than Segment's, and the settings that libraries load. */
export function clientRoutes(): RouteConfig[] {
  return [sendCloudEvents(), sendWebhook(), checkSource(), getSegmentSettings(), getRudderStackSettings()];
}

function sendCloudEvents(): RouteConfig {
  const schema = cloudEvent;
  return {
    operationId: 'sendCloudEvents',
    method: 'post',
    path: '/v1/cloudevents',
    tags: ['Events'],
    summary: 'Send events in the format of CloudEvents 1.0',
    description:
      'Structured, batched or binary: in binary mode `ce-` headers hold the attributes, and the body the data. ' +
      '`type` names the event, `data` holds its properties. The customer is `data.userId`, the extension `userid`, or `subject`. ' +
      'Rejected events are listed, and answered with 200.',
    security: [{ writeKey: [] }],
    request: {
      body: {
        required: true,
        content: {
          'application/cloudevents+json': { schema, example: EVENT },
          'application/cloudevents-batch+json': { schema: z.array(schema), example: [EVENT] },
          '*/*': { schema: z.unknown() },
        },
      },
    },
    responses: {
      200: { description: 'Committed', content: { 'application/json': { schema: success } } },
      ...problemRefs([400, 401, 403, 413, 415, 429]),
    } as RouteConfig['responses'],
  };
}

const SOURCE_ID = z.object({ id: z.string().describe('Id of the source in sources.yaml') });

function sendWebhook(): RouteConfig {
  return {
    operationId: 'sendWebhook',
    method: 'post',
    path: '/v1/sources/{id}',
    tags: ['Events'],
    summary: 'Receive what a vendor reports by webhook',
    description:
      'The request is signed as its vendor does it; it needs no key. 401 is for forged and expired requests only. ' +
      'A repetition, a test, and what cannot be read are answered with 200; the last is on the list of rejected events.',
    security: [],
    request: {
      params: SOURCE_ID,
      body: { required: true, content: { '*/*': { schema: z.unknown() } } },
    },
    responses: {
      200: { description: 'Committed', content: { 'application/json': { schema: success } } },
      ...problemRefs([401, 404, 413, 415, 429]),
    } as RouteConfig['responses'],
  };
}

function checkSource(): RouteConfig {
  return {
    operationId: 'checkSource',
    method: 'get',
    path: '/v1/sources/{id}',
    tags: ['Events'],
    summary: 'Whether there is a source: some vendors look before they send',
    security: [],
    request: { params: SOURCE_ID },
    responses: {
      200: { description: 'There is', content: { 'application/json': { schema: success } } },
      ...problemRefs([404]),
    } as RouteConfig['responses'],
  };
}

function getSegmentSettings(): RouteConfig {
  return {
    operationId: 'getSegmentSettings',
    method: 'get',
    path: '/v1/projects/{writeKey}/settings',
    tags: ['Events'],
    summary: "Settings that Segment's libraries load: send the events here",
    security: [],
    request: { params: z.object({ writeKey: z.string() }) },
    responses: {
      200: { description: 'Settings', content: { 'application/json': { schema: segmentSettings } } },
      ...problemRefs([404]),
    } as RouteConfig['responses'],
  };
}

function getRudderStackSettings(): RouteConfig {
  return {
    operationId: 'getRudderStackSettings',
    method: 'get',
    path: '/sourceConfig',
    tags: ['Events'],
    summary: "Configuration that RudderStack's libraries load",
    security: [{ writeKey: [] }],
    request: { query: z.object({ writeKey: z.string().optional().describe('Or as Basic') }) },
    responses: {
      200: { description: 'Settings', content: { 'application/json': { schema: rudderStackSettings } } },
      ...problemRefs([401, 403]),
    } as RouteConfig['responses'],
  };
}
