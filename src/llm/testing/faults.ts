/** The failures that a client of Ollama meets, as scripts for the fake. Numbers are those of the table in docs/local-model.md. */
import type { ServerResponse } from 'node:http';
import { type PullScript, pull, send } from './fake-models.ts';
import { type FakeRequest, type Fault, json, modelNameOf, plain, stamp } from './fake-shapes.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isQuestion = (r: FakeRequest): boolean => Array.isArray(r.body['messages']) && r.body['messages'].length > 0;
const isLoad = (r: FakeRequest): boolean => r.path === '/api/chat' && !isQuestion(r);

function onChat(left: number, act: Fault['act']): Fault {
  return { on: /^\/api\/chat$/, when: isQuestion, left, act };
}

function piece(request: FakeRequest, content: string): Record<string, unknown> {
  return {
    model: modelNameOf(request.body),
    created_at: stamp(Date.now()),
    message: { role: 'assistant', content },
    done: false,
  };
}

async function stream(response: ServerResponse, lines: unknown[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const line of lines) await send(response, line);
}

/** Never answers; the socket stays open. */
export const silence = (on: RegExp, left = ALWAYS): Fault => ({ on, left, act: () => 'done' });

/** Answers late. */
export const slow = (on: RegExp, ms: number, left = ALWAYS): Fault => ({
  on,
  left,
  act: async () => {
    await sleep(ms);
    return 'go on';
  },
});

/** A status with a body of any kind, for any path. */
export const reply = (on: RegExp, status: number, type: string | null, text: string, left = ALWAYS): Fault => ({
  on,
  left,
  act: ({ response }) => {
    plain(response, status, type, text);
    return 'done';
  },
});

export const html = (status: number, left = ALWAYS): Fault =>
  reply(/./, status, 'text/html', `<html><body><h1>${status}</h1></body></html>`, left);

/** 403 without a word: the Host header is not one that the server knows. */
export const hostRefused = (): Fault => reply(/./, 403, null, '');

export const busy = (left = ALWAYS): Fault => ({
  on: /^\/api\/chat$/,
  left,
  act: ({ response }) => {
    json(response, 503, { error: 'server busy, please try again.  maximum pending requests exceeded' });
    return 'done';
  },
});

export const errorReply = (status: number, error: string, left = ALWAYS): Fault =>
  onChat(left, ({ response }) => {
    json(response, status, { error });
    return 'done';
  });

/** Loading never ends. */
export const endlessLoad = (left = ALWAYS): Fault => ({ on: /^\/api\/chat$/, when: isLoad, left, act: () => 'done' });

/** Takes the question and never says a word. */
export const silentAnswer = (left = ALWAYS): Fault => onChat(left, () => 'done');

/** Begins to answer and stops. */
export const stall = (left = ALWAYS): Fault =>
  onChat(left, async ({ request, response }) => {
    await stream(response, [piece(request, '{"a'), piece(request, '":')]);
    return 'done';
  });

/** A little text for ever. */
export const trickle = (everyMs: number, text = ' '): Fault =>
  onChat(ALWAYS, async ({ request, response }) => {
    await stream(response, []);
    while (!response.destroyed) {
      await send(response, piece(request, text));
      await sleep(everyMs);
    }
    return 'done';
  });

/** Stream that ends well-formed and without "done": what the server does after some thirty equal tokens. */
export const noDone = (text: string, left = ALWAYS): Fault =>
  onChat(left, async ({ request, response }) => {
    await stream(response, [piece(request, text)]);
    response.end();
    return 'done';
  });

/** The model runner dies in mid-answer: a line of error, and the stream ends. */
export const runnerKilled = (left = ALWAYS): Fault =>
  onChat(left, async ({ request, response, fake }) => {
    const error = 'an error was encountered while running the model: unexpected EOF';
    fake.loaded.clear();
    if (request.body['stream'] === false) json(response, 500, { error });
    else {
      await stream(response, [piece(request, '{"'), { error }]);
      response.end();
    }
    return 'done';
  });

/** The server dies in mid-answer: the socket is gone. */
export const serverKilled = (left = ALWAYS): Fault =>
  onChat(left, async ({ request, response, fake }) => {
    await stream(response, [piece(request, '{"')]);
    await sleep(5);
    await fake.kill();
    return 'done';
  });

/** Any bytes as the stream, in any pieces. */
export const bytes = (parts: (string | Uint8Array)[], left = ALWAYS): Fault =>
  onChat(left, async ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const part of parts) {
      response.write(part);
      await sleep(2);
    }
    response.end();
    return 'done';
  });

/** Prose where JSON was asked for. */
export const prose = (text: string): Fault =>
  onChat(ALWAYS, async ({ request, response }) => {
    await stream(response, [
      piece(request, text),
      {
        ...piece(request, ''),
        done: true,
        done_reason: 'stop',
        prompt_eval_count: 200,
        eval_count: 9,
        prompt_eval_duration: 1e6,
        eval_duration: 1e6,
      },
    ]);
    response.end();
    return 'done';
  });

/** A pull with a script of its own. */
export const pulling = (script: PullScript, left = ALWAYS): Fault => ({
  on: /^\/api\/pull$/,
  left,
  act: async ({ request, response, fake }) => {
    await pull(fake, request.body, response, script);
    return 'done';
  },
});

/** A pull that ends with a line of error once a share of it is there. */
export const pullError = (share: number, error: string, left = 1): Fault => {
  const fault = pulling(async ({ done, total, send: say }) => {
    if (done / total < share) return 'go on';
    await say({ error });
    return 'end';
  }, left);
  return {
    ...fault,
    act: async (context) => {
      await fault.act(context);
      context.response.end();
      return 'done';
    },
  };
};

/** A pull that stops saying anything once a share of it is there. */
export const pullStall = (share: number, left = 1): Fault =>
  pulling(async ({ done, total }) => (done / total < share ? 'go on' : 'end'), left);
