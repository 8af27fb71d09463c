import { test } from 'vitest';
import type { RestService } from '../../../src/connector/rest/declaration.ts';
import { restDriver } from '../../../src/connector/rest/rest-driver.ts';
import { passesByForm } from '../check/passes-by-form.ts';

/* Each form that a declaration can have: the driver and the simulator of it pass the conformance kit. */

const filters = {
  STATE: { in: { name: 'q.state', separator: '|' } },
  SIZE: { in: { name: 'q.size' } },
  NO: { prefix: { name: 'q.under' } },
  AT: { from: 'q.from', before: 'q.before', upTo: 'q.upTo' },
} as const;
const order = { name: 'sort', values: { 'at DESC, no DESC': '-at,-no', 'at ASC, no ASC': 'at,no' } };
const batches = {
  NO: { kind: 'batch', parameter: { name: 'q.numbers', separator: ',' }, most: 40 },
  TICKET: { kind: 'batch', parameter: { name: 'q.tickets' }, most: 40 },
} as const;

const forms: Readonly<Record<string, RestService>> = {
  'numbered pages, a body of objects, a code inside the answer, a fixed member': {
    health: '/health',
    success: { at: ['head', 'code'], is: ['00', 0] },
    entities: {
      Thing: {
        list: {
          method: 'POST',
          path: '/query',
          fixed: { 'head.table': 'THING' },
          columns: { name: 'head.fields' },
          filters,
          paging: { kind: 'page', page: 'page.no', size: 'page.size', first: 1, most: 60, total: ['page', 'total'] },
        },
        keys: batches,
        rows: ['page', 'rows'],
      },
    },
  },
  'offsets without a number of all rows, an order, columns in objects, nulls left out': {
    health: '/health',
    entities: {
      Thing: {
        list: {
          method: 'GET',
          path: '/things',
          columns: { name: 'fields', separator: ',' },
          filters,
          order,
          paging: { kind: 'offset', offset: 'offset', limit: 'limit', most: 60 },
        },
        keys: batches,
        rows: [],
        at: { STATE: ['status', 'code'], SIZE: ['size', 'metres'], NOTE: ['status', 'note'] },
        omitsNulls: true,
      },
    },
  },
  'links, one call for each key, all columns whatever was asked for': {
    health: '/health',
    entities: {
      Thing: {
        list: { method: 'GET', path: '/v1/things', order, paging: { kind: 'link', limit: 'per_page', most: 60 } },
        keys: {
          NO: { kind: 'single', path: '/v1/things/{key}', sideBySide: 4, rows: ['thing'] },
          TICKET: {
            kind: 'single',
            path: '/v1/tickets/{key}/things',
            sideBySide: 4,
            rows: ['things'],
            columns: { name: 'fields' },
          },
        },
        rows: ['things'],
      },
    },
  },
  'no pages, a call of its own for keys, some of which are looked for among all rows': {
    health: '/health',
    entities: {
      Thing: {
        list: { method: 'GET', path: '/all', columns: { name: 'fields' }, paging: { kind: 'none' } },
        keys: {
          NO: {
            kind: 'batch',
            parameter: { name: 'ids' },
            most: 7,
            call: {
              method: 'POST',
              path: '/by-id',
              columns: { name: 'fields' },
              paging: { kind: 'cursor', cursor: 'c', limit: 'l', next: ['next'], most: 50 },
            },
          },
        },
        rows: ['items'],
      },
    },
  },
};

test.each(Object.entries(forms))('%s', async (_, service) => passesByForm(restDriver(service)), 120_000);
