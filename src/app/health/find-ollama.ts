/** Where Ollama is on this machine, how it is started here, and how it would be installed. */
import { posix, win32 } from 'node:path';
import type { Machine } from '../machine.ts';

export interface FoundOllama {
  /** The program; null where only an app or a unit was found. */
  program: string | null;
  /** macOS and Windows: the app that runs the server. */
  app: string | null;
  /** Linux: a systemd unit owns the server. */
  unit: boolean;
}

const UNIT_FILES = [
  '/etc/systemd/system/ollama.service',
  '/usr/lib/systemd/system/ollama.service',
  '/lib/systemd/system/ollama.service',
  '/run/systemd/system/ollama.service',
];
const LINUX_PLACES = ['/usr/local/bin/ollama', '/usr/bin/ollama', '/opt/ollama/bin/ollama', '/snap/bin/ollama'];
const MAC_PLACES = ['/opt/homebrew/bin/ollama', '/usr/local/bin/ollama'];

/** Null where nothing of Ollama is here. */
export function findOllama(machine: Machine): FoundOllama | null {
  const { platform } = machine;
  const found: FoundOllama = { program: machine.onPath('ollama'), app: null, unit: false };
  if (platform === 'darwin') {
    const apps = ['/Applications/Ollama.app', posix.join(machine.home, 'Applications/Ollama.app')];
    found.app = apps.find((p) => machine.exists(p)) ?? null;
    found.program ??= MAC_PLACES.find((p) => machine.exists(p)) ?? null;
    if (found.app !== null) found.program ??= posix.join(found.app, 'Contents/Resources/ollama');
  } else if (platform === 'win32') {
    const local = machine.env['LOCALAPPDATA'] ?? win32.join(machine.home, 'AppData', 'Local');
    const folders = [
      ...(found.program === null ? [] : [win32.dirname(found.program)]),
      win32.join(local, 'Programs', 'Ollama'),
      win32.join(local, 'Ollama'),
    ];
    found.app = folders.map((f) => win32.join(f, 'ollama app.exe')).find((p) => machine.exists(p)) ?? null;
    found.program ??= folders.map((f) => win32.join(f, 'ollama.exe')).find((p) => machine.exists(p)) ?? null;
  } else {
    found.unit = UNIT_FILES.some((p) => machine.exists(p));
    found.program ??= LINUX_PLACES.find((p) => machine.exists(p)) ?? null;
  }
  return found.program === null && found.app === null && !found.unit ? null : found;
}

/** How to install it here. */
export function installWords(platform: NodeJS.Platform): string {
  if (platform === 'darwin')
    return 'Install it: brew install --cask ollama, or the app from https://ollama.com/download. Then run revsync setup again.';
  if (platform === 'win32')
    return 'Install it: winget install Ollama.Ollama, or https://ollama.com/download. Then run revsync setup again.';
  return 'Install it: curl -fsSL https://ollama.com/install.sh | sh (or your distribution has a package). Then run revsync setup again.';
}

/** What has to be run to start the server, and whether revsync may do it. */
export type StartPlan = { kind: 'run'; file: string; args: string[]; words: string } | { kind: 'tell'; words: string };

export function startPlan(machine: Machine, found: FoundOllama): StartPlan {
  if (found.unit) {
    // Started by hand it would run as this user, with a second folder of models.
    return {
      kind: 'tell',
      words: 'Ollama is a service here: sudo systemctl start ollama (and: sudo systemctl enable ollama)',
    };
  }
  if (machine.platform === 'darwin' && found.app !== null) {
    return {
      kind: 'run',
      file: 'open',
      args: ['-j', '-a', found.app, '--args', '--fast-startup'],
      words: `open -a ${found.app}`,
    };
  }
  if (machine.platform === 'win32' && found.app !== null) {
    return { kind: 'run', file: found.app, args: ['--hide', '--fast-startup'], words: found.app };
  }
  return { kind: 'run', file: found.program ?? 'ollama', args: ['serve'], words: 'ollama serve' };
}
