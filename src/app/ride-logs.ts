/** Ride logs from their files: recognised, hashed and surveyed once in a run, then read piece by piece against each tune. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadKnowledge } from '../catalog/knowledge.ts';
import { RevsyncError } from '../core/errors.ts';
import { recognise } from '../core/logs/channels.ts';
import type { LogFieldData, LogFilterData } from '../core/logs/log-data.ts';
import { type Measured, RideMeasurement, type SurveyedLog } from '../core/logs/measure.ts';
import { DETECT_BYTES, type LogEnd, type LogFormat, type LogSink } from '../core/logs/port.ts';
import { specTargets } from '../core/logs/spec-target.ts';
import { surveyor } from '../core/logs/survey.ts';
import type { Conditions, Motorcycle, Tune } from '../core/model.ts';
import { computeRegions } from '../core/regions.ts';
import type { StockReference } from '../core/stock.ts';
import type { TargetData } from '../core/targets/target.ts';
import { logFormats } from '../generated/logs.ts';
import { allowed } from './allowed-files.ts';

/** Largest log that is read: a day on the track is some 200 MB. Memory does not grow with it, time does. */
const MAX_LOG_BYTES = 2 * 1024 * 1024 * 1024;
/** So much of a file shows its fields. */
const HEAD_BYTES = 512 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** To which gauges are scaled whatever the fuel. */
const PETROL_AFR = 14.7;

export interface OpenedLog extends SurveyedLog {
  format: LogFormat;
  /** Absolute. */
  full: string;
}

/** The format of a log by its first bytes; null: none of them. */
export function detectLog(head: Uint8Array, name: string): LogFormat | null {
  const found = logFormats
    .map((format) => ({ format, confidence: format.detect(head.subarray(0, DETECT_BYTES), name)?.confidence ?? 0 }))
    .sort((a, b) => b.confidence - a.confidence)[0];
  return found !== undefined && found.confidence > 0 ? found.format : null;
}

/** Does a file hold a time and an engine speed, sample by sample? */
export async function isRideLog(bytes: Uint8Array, name: string): Promise<boolean> {
  const format = detectLog(bytes, name);
  if (format === null) return false;
  const fields = (await loadKnowledge('data'))['log-fields'] as LogFieldData;
  let found = false;
  const reader = format.open({
    start(head) {
      const ids = recognise(head.fields, fields).map((c) => c.id);
      found = ids.includes('time') && ids.includes('rpm');
      return [];
    },
    sample: () => undefined,
  });
  try {
    reader.push(bytes.subarray(0, HEAD_BYTES));
    reader.end();
  } catch (error) {
    if (!(error instanceof RevsyncError)) throw error;
  }
  return found;
}

/** @throws RevsyncError FILE_NOT_FOUND | LOG_TOO_LARGE | LOG_NOT_READ | LOG_DAMAGED | LOG_VERSION | LOG_EMPTY */
export async function openLogs(
  paths: readonly string[],
  cwd: string,
  signal?: AbortSignal | null,
): Promise<OpenedLog[]> {
  if (paths.length === 0) return [];
  const data = await loadKnowledge('data');
  const fields = data['log-fields'] as LogFieldData;
  const { gapSeconds } = data['log-filters'] as LogFilterData;
  const opened: OpenedLog[] = [];
  for (const path of paths) opened.push(await openLog(path, cwd, fields, gapSeconds, signal));
  return opened;
}

async function openLog(
  path: string,
  cwd: string,
  data: LogFieldData,
  gapSeconds: number,
  signal: AbortSignal | null | undefined,
): Promise<OpenedLog> {
  const full = resolve(cwd, path);
  const handle = open(full, path);
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw new RevsyncError('LOG_NOT_READ', `"${path}" is no file`, 'Name the log itself.');
    if (stat.size > MAX_LOG_BYTES)
      throw new RevsyncError(
        'LOG_TOO_LARGE',
        `"${path}" has ${Math.round(stat.size / 1024 / 1024)} MiB; 2048 are read`,
        'Cut it into rides, and give --log for each.',
      );
    const head = new Uint8Array(Math.min(DETECT_BYTES, stat.size));
    readSync(handle, head, 0, head.length, 0);
    const format = detectLog(head, path);
    if (format === null)
      throw new RevsyncError(
        'LOG_NOT_READ',
        `"${path}" is no ride log that revsync knows`,
        `Known: ${logFormats.map((f) => f.title).join('; ')}. Export it as CSV or MSL, with its line of field names.`,
      );
    const { sink, survey } = surveyor(data, gapSeconds);
    const hash = createHash('sha256');
    const also = (piece: Uint8Array): void => void hash.update(piece);
    const end = await readThrough({ handle, format, sink, path, byteLength: stat.size, also, signal });
    if (end.samples === 0)
      throw new RevsyncError(
        'LOG_EMPTY',
        `"${path}" holds no samples`,
        'It was begun and never written to; take another.',
      );
    const { head: found, channels } = survey;
    return {
      format,
      full,
      survey,
      file: {
        path,
        sha256: hash.digest('hex'),
        byteLength: stat.size,
        format: format.id,
        signature: found.signature,
        samples: end.samples,
        skipped: end.skipped,
        seconds: survey.seconds,
        fields: channels.map((c) => ({ channel: c.id, name: c.field.name, unit: c.field.unit })),
        otherFields: found.fields.length - channels.length,
      },
    };
  } finally {
    closeSync(handle);
  }
}

function open(full: string, path: string): number {
  const real = allowed(full, path);
  try {
    // Opening a pipe that nobody writes to would never return.
    return openSync(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new RevsyncError(
      'FILE_NOT_FOUND',
      `the log "${path}" cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'Check its name and permissions.',
      error,
    );
  }
}

interface Reading {
  handle: number;
  format: LogFormat;
  sink: LogSink;
  /** As the user wrote it. */
  path: string;
  /** So much is read: a logger that is still writing must not make the second look another than the first. */
  byteLength: number;
  also?: (piece: Uint8Array) => void;
  signal: AbortSignal | null | undefined;
}

/** @throws AbortError between two pieces, or what the format says of a piece */
async function readThrough({ handle, format, sink, path, byteLength, also, signal }: Reading): Promise<LogEnd> {
  const reader = format.open(sink);
  const buffer = new Uint8Array(PIECE_BYTES);
  try {
    for (let at = 0; ; ) {
      const read = readSync(handle, buffer, 0, Math.min(PIECE_BYTES, byteLength - at), at);
      if (read === 0) return reader.end();
      also?.(buffer.subarray(0, read));
      reader.push(buffer.subarray(0, read));
      at += read;
      // A log of a gigabyte takes a minute: a signal is heard meanwhile.
      await new Promise(setImmediate);
      if (signal?.aborted === true) throw Object.assign(new Error('cancelled'), { name: 'AbortError' });
    }
  } catch (error) {
    if (error instanceof RevsyncError)
      throw new RevsyncError(error.code, `"${path}": ${error.message}`, error.hint, error);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new RevsyncError('LOG_NOT_READ', `"${path}" cannot be read (${code ?? 'unknown'})`, 'Check the disk.', error);
  }
}

/** All logs of a run against one tune. Null: there are none. */
export async function measureRides(
  logs: readonly OpenedLog[],
  tune: Tune,
  motorcycle: Motorcycle | null,
  stock: StockReference | null,
  conditions: Conditions,
  signal?: AbortSignal | null,
): Promise<Measured | null> {
  if (logs.length === 0) return null;
  const data = await loadKnowledge('data');
  const own = tune.facts.stoichiometricAfr;
  const isOwn = own !== null && own > 5 && own < 16;
  const measurement = new RideMeasurement(
    {
      tune,
      regions: computeRegions(tune, motorcycle, stock),
      filters: data['log-filters'] as LogFilterData,
      spec: specTargets(motorcycle, tune.facts, conditions, data['targets'] as TargetData),
      stoichiometric: isOwn ? { afr: own, from: 'tune' } : { afr: PETROL_AFR, from: 'petrol' },
      strokes: motorcycle?.strokes ?? tune.facts.strokes ?? 4,
    },
    logs,
  );
  for (const log of logs) {
    const handle = open(log.full, log.file.path);
    try {
      const { path, byteLength } = log.file;
      await readThrough({ handle, format: log.format, sink: measurement.sinkOf(log), path, byteLength, signal });
    } finally {
      closeSync(handle);
    }
  }
  return measurement.result();
}
