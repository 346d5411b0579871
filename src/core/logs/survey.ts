/** First look at a log: what its channels span. Pure; the log's samples are handed to it one by one. */
import { type Channel, recognise } from './channels.ts';
import type { ChannelId, LogFieldData } from './log-data.ts';
import type { LogHead, LogSink } from './port.ts';

/** What a channel reads over a whole log, in the channel's unit (lambda as logged: perhaps an air-fuel ratio). */
export interface Span {
  count: number;
  low: number;
  high: number;
  /** How often the lowest and the highest value itself was read. */
  atLow: number;
  atHigh: number;
}

export interface Survey {
  head: LogHead;
  channels: Channel[];
  spans: Map<ChannelId, Span>;
  samples: number;
  /** Sum of the steps of the time, those longer than a pause left out; null: the log has no time. */
  seconds: number | null;
}

/** A sink that fills the survey it belongs to. */
export function surveyor(data: LogFieldData, gapSeconds: number): { sink: LogSink; survey: Survey } {
  const survey: Survey = {
    head: { fields: [], signature: '' },
    channels: [],
    spans: new Map(),
    samples: 0,
    seconds: null,
  };
  let spans: Span[] = [];
  let time = -1;
  let before = Number.NaN;
  const sink: LogSink = {
    start(head) {
      survey.head = head;
      survey.channels = recognise(head.fields, data);
      spans = survey.channels.map(() => ({
        count: 0,
        low: Number.POSITIVE_INFINITY,
        high: Number.NEGATIVE_INFINITY,
        atLow: 0,
        atHigh: 0,
      }));
      for (const [i, c] of survey.channels.entries()) survey.spans.set(c.id, spans[i]!);
      time = survey.channels.findIndex((c) => c.id === 'time');
      if (time >= 0) survey.seconds = 0;
      return survey.channels.map((c) => c.index);
    },
    sample(values) {
      survey.samples++;
      for (let i = 0; i < spans.length; i++) {
        const { factor, offset } = survey.channels[i]!;
        const value = values[i]! * factor + offset;
        if (!Number.isFinite(value)) continue;
        const span = spans[i]!;
        span.count++;
        if (value < span.low) [span.low, span.atLow] = [value, 1];
        else if (value === span.low) span.atLow++;
        if (value > span.high) [span.high, span.atHigh] = [value, 1];
        else if (value === span.high) span.atHigh++;
        if (i !== time) continue;
        const step = value - before;
        if (step > 0 && step <= gapSeconds) survey.seconds! += step;
        before = value;
      }
    },
  };
  return { sink, survey };
}
