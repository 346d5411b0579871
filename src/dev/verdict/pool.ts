/** Subjects shared out over processes: each asks for the next when it is done. */
import { type ChildProcess, fork } from 'node:child_process';
import { runSubject, type Selection, type SubjectResult } from './run-subject.ts';
import type { Subject } from './subject.ts';

interface Task {
  subject: Subject;
  selection: Selection;
}

/** Runs in this process, one after the other. */
export async function runHere(subjects: readonly Subject[], selection: Selection): Promise<SubjectResult[]> {
  const results: SubjectResult[] = [];
  for (const subject of subjects) results.push(await runSubject(subject, selection));
  return results;
}

/** @param told after each subject */
export async function runInPool(
  subjects: readonly Subject[],
  selection: Selection,
  workers: number,
  entry: string,
  told: (result: SubjectResult) => void,
): Promise<SubjectResult[]> {
  const results = new Map<string, SubjectResult>();
  const queue = [...subjects];
  const children: ChildProcess[] = [];
  await Promise.all(
    Array.from({ length: Math.min(workers, subjects.length) }, () => {
      const child = fork(entry, ['--worker'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      children.push(child);
      return new Promise<void>((resolve, reject) => {
        const next = (): void => {
          const subject = queue.shift();
          if (subject === undefined) child.disconnect();
          else child.send({ subject, selection } satisfies Task);
        };
        child.on('message', (result: SubjectResult) => {
          results.set(result.subject, result);
          told(result);
          next();
        });
        child.on('error', reject);
        child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
        next();
      });
    }),
  ).finally(() => {
    for (const child of children) if (child.connected) child.disconnect();
  });
  // In the order asked, whoever was done first.
  return subjects.map((s) => results.get(s.id)).filter((r) => r !== undefined);
}

/** The other side: answers each task with its result. */
export function work(): void {
  let last = Promise.resolve();
  process.on('message', (task: Task) => {
    last = last.then(async () => {
      const result = await runSubject(task.subject, task.selection);
      process.send?.(result);
    });
    last.catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
      process.disconnect();
    });
  });
}
