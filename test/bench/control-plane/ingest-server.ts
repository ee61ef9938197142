/**
 * The address of ingestion on a database of its own, as a process of its own: what it uses is what ingestion costs. Takes the
 * settings of the store as its argument; says its port, and on any message what it has used.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { z } from 'zod';
import { ingestion } from '../../../contract/ingestion.ts';
import { createIngestionHandler } from '../../../control-plane/ingest/handler.ts';
import { createIngest } from '../../../control-plane/ingest/ingest.ts';
import { openStore } from '../../../control-plane/store/open-store.ts';

const database = z.discriminatedUnion('database', [
  z.object({ database: z.literal('sqlite'), file: z.string() }),
  z.object({ database: z.literal('postgres'), url: z.string(), connections: z.number() }),
]);

const retention = { runDays: 90, logDays: 30 };
const store = await openStore(
  { ...database.parse(JSON.parse(process.argv[2] ?? '')), retention },
  { now: () => new Date(), onTrouble: (error) => console.error(error) },
);
const ingest = createIngest({ store, now: () => new Date() });
const server = createServer(express().post(ingestion.path, createIngestionHandler(ingest)));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 });
});
