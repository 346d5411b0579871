/** What setup and doctor show a person: nothing said seven times, and no fright where only the model is missing. */
import { expect, test } from 'vitest';
import { type HealthLine, healthView } from './health-view.ts';

const line = (id: string, status: string, message = 'there is no server to ask'): HealthLine => ({
  id,
  status,
  message,
  hint: null,
});
const noServer = ['ollama.version', 'model.present', 'model.memory', 'model.answer'].map((id) => line(id, 'skipped'));

test('checks skipped for one reason are one line, and each is still named', () => {
  const text = healthView(
    [line('ollama.daemon', 'failed', 'not installed'), ...noServer, line('database', 'ok', 'fine')],
    'x',
    100,
  );
  expect(text.match(/there is no server to ask/g)).toHaveLength(1);
  for (const { id } of noServer) expect(text).toContain(id);
  expect(text).toMatch(/1 ok, 1 failed, 4 skipped/);
});

test('where only the model is missing it says that everything else works', () => {
  const only = healthView([line('ollama.daemon', 'failed', 'not installed'), line('database', 'ok', 'fine')], 'x', 60);
  expect(only.replace(/\s+/g, ' ')).toContain('Everything else works now, without it');
  for (const failed of ['database', 'definitions'])
    expect(healthView([line('model.present', 'failed'), line(failed, 'failed', 'broken')], 'x', 60)).not.toContain(
      'works now',
    );
  expect(healthView([line('database', 'ok', 'fine')], 'x', 60)).not.toContain('works now');
});
